"""The pictures of the sample files: each is one that the demo's shop draws, and only of what is recalled."""

import json
from pathlib import Path

from enforcement.demo.sample_pictures import FILE, with_pictures
from portal.demo.drawings import picture_at

SHOP = "http://127.0.0.1:8100"


def test_recalls_and_their_listings_have_pictures_that_the_shop_draws_and_other_listings_none(tmp_path: Path) -> None:
    recalls = json.loads(with_pictures(FILE.parent / "sample_recalls.json", SHOP, tmp_path).read_text())
    shown = [row["Images"][0]["URL"] for row in recalls if row.get("Images")]
    kinds = [address.removeprefix(SHOP).split("-")[0] for address in shown]
    assert len(kinds) == len(set(kinds)), "a drawing of two products would be evidence that one is the other"
    for name in ("bazaarly", "market_one"):
        source = FILE.parent / f"sample_catalogue_{name}.jsonl"
        before = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
        after = [json.loads(line) for line in with_pictures(source, SHOP, tmp_path).read_text().splitlines()]
        assert [row | {"image_link": ""} for row in after] == before
        pictured = {row["id"] for row in after if row["image_link"]}
        assert pictured <= {row["id"] for row in after if row["id"].startswith(("BZ-1", "M1-5"))}
        assert len(pictured) >= 3
        shown += [row["image_link"] for row in after if row["image_link"]]
    assert len(shown) == sum(map(len, json.loads(FILE.read_text()).values())), "none is of what is not there"
    for address in set(shown):
        assert picture_at(address.removeprefix(SHOP)), address


def test_without_a_shop_the_sample_is_loaded_as_it_is(tmp_path: Path) -> None:
    path = FILE.parent / "sample_recalls.json"
    assert with_pictures(path, "", tmp_path) == path
