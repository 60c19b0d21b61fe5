"""docs/walkthroughs.md and its folder of pictures name the same pictures, and none of them is heavy."""

import re
from pathlib import Path

from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
PICTURES = DOCS / "pictures" / "walkthroughs"


def test_every_picture_is_named_in_the_walkthroughs_and_every_named_picture_is_there() -> None:
    shown = re.findall(
        r"!\[([^\]]+)\]\(pictures/walkthroughs/([\w-]+\.png)\)", (DOCS / "walkthroughs.md").read_text(encoding="utf-8")
    )
    names = [name for _, name in shown]
    assert all(len(alt) > 20 for alt, _ in shown), "a picture's text says what it shows"
    assert sorted(names) == sorted(path.name for path in PICTURES.iterdir()), "run make walkthroughs"


def test_the_pictures_stay_light() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert {name: size for name, size in sizes.items() if size > 80_000} == {}
    assert sum(sizes.values()) < 2_000_000
