"""Who asks the product over TLS, as a browser would: with the authority's certificate, cookies and forms."""

import http.client
import json
import re
import ssl
import time
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from trial.record import Failed


class Visitor:
    """One browser at one site. The site's host name leads to this machine."""

    def __init__(self, base: str, authority: Path) -> None:
        parts = urlsplit(base)
        self.base, self.name, self.port = base, str(parts.hostname), int(parts.port or 443)
        self.tls = ssl.create_default_context(cafile=str(authority))
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Open a page, or send a form: status, body, and where a redirect leads."""
        if fields is None:
            return self._request("GET", path, b"", "")
        return self._request("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def call(self, method: str, path: str, value: object) -> Any:
        """What a program is answered that sends JSON. Raises Failed where it is refused."""
        status, body, _ = self._request(method, path, json.dumps(value).encode(), "application/json")
        if not 200 <= status < 300:
            raise Failed(f"{method} {path} answered {status}: {body[:2000]}")
        return json.loads(body or "null")

    def _request(self, method: str, path: str, content: bytes, kind: str) -> tuple[int, str, str]:
        connection = _ToHere(self.name, self.port, context=self.tls, timeout=60)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": self.base + path,
            "Origin": self.base,
            "Host": f"{self.name}:{self.port}",
        }
        if kind:
            headers["Content-Type"] = kind
        connection.request(method, path, content or None, headers)
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, body, answer.headers.get("Location", "")

    def send(self, path: str, fields: dict[str, str], *, form_on: str = "") -> tuple[int, str, str]:
        """Open the page of a form and send it, then follow where it leads."""
        _, page, _ = self.ask(form_on or path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        status, body, leads = self.ask(path, {**fields, "csrfmiddlewaretoken": token[1] if token else ""})
        while status in {302, 303}:
            status, body, further = self.ask(urlsplit(leads).path)
            leads = further or leads
        return status, body, leads

    def fill(self, path: str, **entered: str) -> tuple[int, str, str]:
        """Open a page, enter these into its form beside what stands there, send it, and follow where it leads."""
        status, page, leads = self.ask(path)
        form = LexborHTMLParser(page).css_first("main form.wb-form")
        if status != 200 or form is None:
            raise Failed(f"{path} answered {status} {leads}, and has no form: {page[:2000]}")
        return self.send(path, {**_fields(form), **entered}, form_on=path)

    def until(self, path: str, status: int, *, within: float) -> str:
        """Ask until it answers with this status; status and the beginning of the body. Raises Failed where it takes longer."""
        return f"{status} {self._body_of(path, status, within=within)[:600]}\n"

    def _body_of(self, path: str, status: int, *, within: float) -> str:
        end = time.monotonic() + within
        while True:
            try:
                answered, body, _ = self.ask(path)
            except OSError as error:
                answered, body = 0, str(error)
            if answered == status:
                return body
            if time.monotonic() > end:
                raise Failed(f"{path} answered {answered} until the end: {body[:2000]}")
            time.sleep(1)

    def sign_in(self, email: str, password: str) -> str:
        status, _, leads = self.send("/sign-in/", {"username": email, "password": password})
        return f"{status} {urlsplit(leads).path}\n"

    def export(self, path: str, *, page: str) -> str:
        """Order an export as CSV from the page of a list, wait until a worker made it, and read the file."""
        _, _, leads = self.send(path, {"format": "csv"}, form_on=page)
        number = re.search(r"/exports/(\d+)/", leads)
        if number is None:
            raise Failed(f"The export led to {leads!r}")
        return self._body_of(f"/exports/{number[1]}/file/", 200, within=300)

    def many(self, path: str, times: int) -> str:
        found = [self.ask(path)[0] for _ in range(times)]
        return ", ".join(f"{found.count(status)} times {status}" for status in sorted(set(found))) + "\n"

    def metrics(self, port: int, token: str, pattern: str) -> str:
        """The lines of a web host's metrics that fit."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}", "Host": self.name})
        lines = connection.getresponse().read().decode().splitlines()
        return "".join(f"{line}\n" for line in lines if re.match(pattern, line))


def _fields(form: LexborNode) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    found = {}
    for node in form.css("input, select, textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if (
            not name
            or kind in {"submit", "file"}
            or (kind in {"checkbox", "radio"} and "checked" not in node.attributes)
        ):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            found[name] = (chosen.attributes.get("value") if chosen is not None else "") or ""
        else:
            found[name] = node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
    return found


class _ToHere(http.client.HTTPSConnection):
    """Connects to this machine, and asks for the certificate of the name."""

    def connect(self) -> None:
        self.host, name = "127.0.0.1", self.host
        http.client.HTTPConnection.connect(self)
        self.host = name
        self.sock = self._context.wrap_socket(self.sock, server_hostname=name)  # type: ignore[attr-defined]
