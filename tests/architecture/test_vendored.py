"""What others made is as it was taken, and docs/vendored.md says where each piece is from."""

import hashlib
import re
from pathlib import Path, PurePath

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("portal/static/uswds", "portal/media/fonts")
SUMS = {
    path: digest
    for digest, path in re.findall(r"(?m)^([0-9a-f]{64})  (.+)$", (ROOT / "docs" / "vendored.sha256").read_text())
}


def test_every_vendored_file_is_the_one_that_was_taken() -> None:
    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in SUMS}
    assert [path for path, digest in SUMS.items() if found[path] != digest] == []


def test_no_file_of_a_vendored_folder_is_left_out() -> None:
    there = {str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()}
    assert there - SUMS.keys() == set()


def test_the_page_says_of_each_vendored_file_where_it_is_from() -> None:
    page = (ROOT / "docs" / "vendored.md").read_text(encoding="utf-8")
    places = re.findall(r"`([\w.*-]+(?:/[\w.*-]+)+)`", page)
    assert [path for path in SUMS if not any(PurePath(path).match(place) for place in places)] == []
