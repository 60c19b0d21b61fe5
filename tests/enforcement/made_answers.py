"""Answers of shops from a file, a JSON object a line: `kind`, `want`, and the page as `html`, `item` or `notice`.

`item` is what stands under the product's heading of an ordinary page, `notice` a message on a page without a product.
What a row does not name is as in `judged`.
"""

import json
from pathlib import Path
from typing import Any

from enforcement.rules.verdict import Answer, Judgement, judge

URL, ID, TITLE = "https://shop.example/item/BZ-1027", "BZ-1027", "Drillrig steam kettle KTL-4711D"


def answers(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def judged(row: dict[str, Any]) -> Judgement:
    title = row.get("title", TITLE)
    answer = Answer(row.get("status", 200), URL, row.get("final_url", URL), row.get("headers", {}), page(row, title))
    return judge(answer, listing_id=ID, title=title)


def page(row: dict[str, Any], title: str) -> str:
    if "html" in row:
        return str(row["html"])
    named = row.get("named", title)
    head = f"<title>{named if 'item' in row else 'Nordmarkt'} – Nordmarkt</title>{row.get('head', '')}"
    middle = (
        f'<div id="content"><div class="product"><h1 class="product-title">{named}</h1>{row["item"]}</div></div>'
        if "item" in row
        else f'<section class="notice"><p>{row["notice"]}</p></section>'
    )
    return (
        f'<!doctype html><html lang="{row.get("lang", "en")}"><head><meta charset="utf-8">{head}</head><body>'
        '<header><a class="logo" href="/">Nordmarkt</a><form role="search"><input name="q"></form><a href="/cart">0</a></header>'
        f'{middle}{row.get("after", row.get("more", ""))}<footer><a href="/terms">Terms</a></footer></body></html>'
    )
