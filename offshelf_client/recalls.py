"""The recalls of the notices, as the matching engine takes them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from listings.matching import ProductText, RecallIndex, RecallText, read_recall
from offshelf_client.server import Server

FIELDS = "id,recall_number,recall"


@dataclass(frozen=True, slots=True)
class Recalls:
    """What is searched for. `digest` is over the texts, `refused` says which notices could not be used and why."""

    index: RecallIndex
    digest: str
    refused: list[str]


def fetch_recalls(server: Server) -> Recalls:
    """Those of all active notices of this platform. A notice that cannot be read costs itself alone."""
    return read_recalls(server.rows("notices", status="active", fields=FIELDS))


def read_recalls(notices: Iterable[dict[str, Any]]) -> Recalls:
    readings, texts, refused = [], {}, []
    for notice in notices:
        try:
            text = recall_text(notice)
            readings.append(read_recall(text))
        except Exception as error:  # noqa: BLE001  one bad notice costs itself alone
            refused.append(f"notice {notice.get('id')}: {type(error).__name__}: {error}")
        else:
            texts[text.number] = asdict(text)
    content = json.dumps([texts[number] for number in sorted(texts)], sort_keys=True, separators=(",", ":"))
    return Recalls(RecallIndex(readings), hashlib.sha256(content.encode()).hexdigest(), refused)


def recall_text(notice: dict[str, Any]) -> RecallText:
    """Raises KeyError or TypeError for what is no notice."""
    recall = notice["recall"]
    return RecallText(
        number=_text(notice["recall_number"]),
        title=_text(recall["title"]),
        description=_text(recall["description"]),
        products=tuple(
            ProductText(
                _text(product["name"]),
                _text(product["brand"]),
                _texts(product["model_numbers"]),
                _texts(product["gtins"]),
                _texts(product["sizes"]),
                _text(product.get("description", "")),
            )
            for product in recall["products"]
        ),
        firms=_texts(recall["firms"]),
        sold_at=_text(recall["sold_at"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text was expected, not {type(value).__name__}")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"a list was expected, not {type(values).__name__}")
    return tuple(map(_text, values))
