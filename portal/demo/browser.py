"""One user of the portal, over HTTP, for the demo check."""

import re
from typing import Any

import httpx
from selectolax.lexbor import LexborHTMLParser


class StepFailed(Exception):
    """A step did not give the expected result; the message says what was seen instead."""


def expect(truth: object, detail: str) -> None:
    if not truth:
        raise StepFailed(detail)


class Browser:
    """One user of the portal: keeps cookies, reads forms, follows redirects."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx.Client(base_url=base, follow_redirects=True, timeout=60, trust_env=False)
        self.page = LexborHTMLParser("")
        self.status = 0
        self.url = ""

    def open(self, address: str, *, status: int = 200) -> LexborHTMLParser:
        return self._show(self.http.get(address), status)

    def shows(self, address: str, words: str) -> bool:
        """Whether the page at `address` now says `words`."""
        self.open(address)
        return words in self.text

    def submit(self, address: str, data: dict[str, Any], *, files: Any = None, status: int = 200) -> LexborHTMLParser:
        """Send a form as a browser does, with the page's own token."""
        token = self.http.cookies.get("csrftoken", "")
        return self._show(
            self.http.post(
                address, data={"csrfmiddlewaretoken": token, **data}, files=files, headers={"Referer": self.base}
            ),
            status,
        )

    def _show(self, response: httpx.Response, status: int) -> LexborHTMLParser:
        self.page, self.status, self.url = LexborHTMLParser(response.text), response.status_code, str(response.url)
        if response.status_code != status:
            errors = " ".join(node.text(strip=True) for node in self.page.css(".wb-errs, .usa-error-message, main p"))[
                :300
            ]
            raise StepFailed(
                f"{response.request.method} {response.request.url} answered {response.status_code}, not {status}: {errors}"
            )
        return self.page

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.body.text(separator=" ") if self.page.body else "")

    def links(self, pattern: str) -> list[str]:
        found = (node.attributes.get("href") or "" for node in self.page.css("a[href]"))
        return list(dict.fromkeys(link for link in found if re.fullmatch(pattern, link)))

    def field(self, name: str) -> str:
        node = self.page.css_first(f'[name="{name}"]')
        return (node.attributes.get("value") or "") if node else ""
