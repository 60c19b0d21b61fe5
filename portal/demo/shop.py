"""A small marketplace for the demo and its check: listing pages that rescans can check and people can take down.

    python -m portal.demo.shop --port 9000 --state FOLDER [--catalogue FILE …]

Every listing of the given catalogues has a page at /listing/ID. Its buttons take the page down (then it answers 404)
and put it back up; what platforms finally decide is done here as well (enforcement/demo/storefront.py). What was taken
down survives a restart in FOLDER/shop.json. Pictures are drawn when they are asked for. It represents the outside world
and shares no code with the removal checks.
"""

import argparse
import gzip
import html
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.demo.drawings import picture_at


class Shelves:
    """The listings of the shop and the ones taken down; every change is on disk before the response."""

    def __init__(self, state: Path, catalogues: list[Path]) -> None:
        self._file = state / "shop.json"
        self._lock = threading.Lock()
        saved = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.down: dict[str, str] = saved.get("down", {})
        self._added: dict[str, dict[str, Any]] = saved.get("added", {})
        self._by_hand: set[str] = set(saved.get("by_hand", ()))
        self.listings: dict[str, dict[str, Any]] = {}
        for path in catalogues:
            self._read(path)
        self.listings |= self._added

    def _read(self, path: Path) -> None:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    row = json.loads(line)
                    kept = {
                        key: row.get(key) for key in ("title", "description", "brand", "seller", "price", "image_link")
                    }
                    self.listings[str(row["id"])] = kept
                except (ValueError, KeyError, TypeError):
                    continue  # the portal reports bad rows; the shop has no page for them

    def take_down(self, listing: str, how: str) -> None:
        with self._lock:
            self.down[listing] = how
            self._save()

    def put_back(self, listing: str) -> None:
        with self._lock:
            self.down.pop(listing, None)
            self._save()

    def add(self, listing: str, row: dict[str, Any]) -> None:
        with self._lock:
            self.listings[listing] = self._added[listing] = row
            self._by_hand.add(listing)
            self._save()

    def follow(self, listing: str, how: str) -> None:
        """The platform decided on a listing. One that was put on sale by hand is taken down by hand, too."""
        if listing not in self._by_hand:
            self.take_down(listing, how)

    def stock(self, rows: Iterable[dict[str, Any]]) -> None:
        """Put many listings on sale at once."""
        with self._lock:
            for row in rows:
                self.listings[str(row["id"])] = self._added[str(row["id"])] = row
            self._save()

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"down": self.down, "added": self._added, "by_hand": sorted(self._by_hand)}))
        fresh.replace(self._file)


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Demo shop</title>{head}</head>
<body><p><a href="/">Demo shop</a></p>{body}</body></html>"""


_DOWN = {
    "404": (404, "Gone", "<h1>This listing was removed</h1>"),
    "note": (200, "{name}", "<h1>{name}</h1><p>This item is no longer available.</p>"),
    "region": (451, "Not available", "<h1>Not available in your region</h1>"),
    "captcha": (403, "Attention", "<h1>Are you a robot?</h1><p>Solve the captcha to continue.</p>"),
}
"""How a listing can be taken down: status, title and body of what its page then answers."""


class Front(BaseHTTPRequestHandler):
    shelves: Shelves
    clock: Callable[[], float] = time.time
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: apart, the second waits for the first one's receipt, 40 ms each time

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(type(self).clock() if timestamp is None else timestamp)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/picture/"):
            self._picture(parts.path)
        else:
            self._page(parts)

    def _page(self, parts: SplitResult) -> None:
        if parts.path == "/":
            return self._home(parse_qs(parts.query).get("q", [""])[0])
        listing = unquote(parts.path.removeprefix("/listing/"))
        row = self.shelves.listings.get(listing)
        if not parts.path.startswith("/listing/") or row is None:
            return self._answer(404, "Not found", "<h1>Page not found</h1>")
        how = self.shelves.down.get(listing)
        name = html.escape(str(row["title"]))
        button = _button(listing, "put-back", "Put back on sale") if how else ""
        if how:
            status, title, body = _DOWN.get(how, _DOWN["404"])
            return self._answer(status, title.format(name=name), f"{body.format(name=name)}{button}")
        offer = {"@type": "Offer", "price": row.get("price"), "availability": "https://schema.org/InStock"}
        data = {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": row["title"],
            "sku": listing,
            "offers": offer,
        }
        head = '<script type="application/ld+json">' + json.dumps(data).replace("</", "<\\u002f") + "</script>"
        body = (
            f"<h1>{name}</h1>{_shown(row)}<p>{html.escape(str(row.get('description') or ''))}</p>"
            f"<p>Sold by {html.escape(str(row.get('seller') or 'the shop'))}</p><p>Price: {row.get('price') or 'ask us'}</p>"
            "<p><button>Add to cart</button></p><hr><p>Tools of the platform, for the demo:</p>"
            + _button(listing, "take-down", "Take down (404)")
            + _button(listing, "take-down?how=note", "Show as no longer available")
            + _button(listing, "take-down?how=region", "Hide from our region (451)")
            + _button(listing, "take-down?how=captcha", "Hide behind a captcha")
        )
        return self._answer(200, name, body, head)

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 1 << 20)
        content = self.rfile.read(length)
        parts = urlsplit(self.path)
        pieces = [unquote(piece) for piece in parts.path.strip("/").split("/")]
        if pieces == ["listing"]:
            row = json.loads(content)
            self.shelves.add(str(row["id"]), row)
            return self._answer(201, "Added", "<p>Added.</p>")
        if len(pieces) != 3 or pieces[0] != "listing" or pieces[1] not in self.shelves.listings:
            return self._answer(404, "Not found", "<h1>Page not found</h1>")
        if pieces[2] == "take-down":
            self.shelves.take_down(pieces[1], parse_qs(parts.query).get("how", ["404"])[0])
        elif pieces[2] == "decided":
            self.shelves.follow(pieces[1], parse_qs(parts.query).get("how", ["404"])[0])
        elif pieces[2] == "put-back":
            self.shelves.put_back(pieces[1])
        self.send_response(303)
        self.send_header("Location", f"/listing/{pieces[1]}")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def _home(self, query: str) -> None:
        found = [
            (listing, row)
            for listing, row in self.shelves.listings.items()
            if query.lower() in f"{listing} {row['title']}".lower()
        ][:50]
        items = "".join(
            f'<li><a href="/listing/{html.escape(listing, quote=True)}">{html.escape(str(row["title"]))}</a>'
            f"{' (taken down)' if listing in self.shelves.down else ''}</li>"
            for listing, row in found
        )
        form = f'<form><label>Find <input name="q" value="{html.escape(query, quote=True)}"></label> <button>Find</button></form>'
        self._answer(
            200, "Demo shop", f"<h1>Demo shop</h1><p>{len(self.shelves.listings)} listings</p>{form}<ul>{items}</ul>"
        )

    def _answer(self, status: int, title: str, body: str, head: str = "") -> None:
        content = PAGE.format(title=title, head=head, body=body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _picture(self, path: str) -> None:
        content = picture_at(path)
        if content is None:
            return self._answer(404, "Not found", "<h1>There is no such picture</h1>")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's name
        """Logs nothing: the log of the demo is about the portal, not about every check of this shop."""


def _button(listing: str, action: str, label: str) -> str:
    address = f"/listing/{html.escape(listing, quote=True)}/{action}"
    return f'<form method="post" action="{address}"><button>{label}</button></form>'


def _shown(row: dict[str, Any]) -> str:
    path = urlsplit(str(row.get("image_link") or "")).path  # ours, whatever port the shop had when it was stocked
    return f'<p><img src="{html.escape(path, quote=True)}" alt="" width="240"></p>' if path else ""


@contextmanager
def open_shop(*, port: int, shelves: Shelves, clock: Callable[[], float] = time.time) -> Iterator[int]:
    """The shop in threads of this process, on 127.0.0.1; gives its port (0 asks for a free one). `clock` dates what it
    answers, in seconds of Unix time."""
    front = type("OpenFront", (Front,), {"shelves": shelves, "clock": staticmethod(clock)})
    with ThreadingHTTPServer(("127.0.0.1", port), front) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument(
        "--state", type=Path, required=True, metavar="FOLDER", help="folder that stores which listings are taken down"
    )
    parser.add_argument(
        "--catalogue", type=Path, nargs="*", default=[], metavar="FILE", help="JSONL feeds, gzip or plain"
    )
    arguments = parser.parse_args()
    arguments.state.mkdir(parents=True, exist_ok=True)
    Front.shelves = Shelves(arguments.state, arguments.catalogue)
    ThreadingHTTPServer(("127.0.0.1", arguments.port), Front).serve_forever()


if __name__ == "__main__":
    main()
