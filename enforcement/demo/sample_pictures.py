"""Pictures for the sample recalls and listings that are loaded from files: the demo's shop draws them.

Only recalled products and the listings of them have one, each in another view, so that the first queue shows what a
moderator compares. No drawing stands for two products: it would be evidence that one is the other, put on sale again.
"""

import json
from pathlib import Path

from django.conf import settings

FILE = Path(settings.BASE_DIR) / "portal" / "demo" / "data" / "sample_pictures.json"
"""Recall numbers and ids of listings, each with the path of its picture at the shop."""


def with_pictures(path: Path, shop: str, folder: Path) -> Path:
    """A copy of the sample file in `folder`, under the same name, whose rows have their pictures at the address `shop`;
    the file itself where there is no shop."""
    if not shop:
        return path
    drawn, text = json.loads(FILE.read_text(encoding="utf-8")), path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        rows = json.loads(text)
        for row in rows:
            if (picture := drawn["recalls"].get(row["RecallNumber"])) is not None:
                row["Images"] = [{"URL": shop + picture, "Caption": row["Products"][0]["Name"]}]
        text = json.dumps(rows)
    else:
        rows = [json.loads(line) for line in text.splitlines()]
        for row in rows:
            row["image_link"] = shop + picture if (picture := drawn["listings"].get(row["id"])) else row["image_link"]
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
    copy = folder / path.name
    copy.write_text(text, encoding="utf-8")
    return copy
