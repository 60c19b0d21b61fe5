"""Who asks the product over TLS, as a browser would: with the authority's certificate, cookies and forms."""

import http.client
import re
import ssl
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from trial.record import Failed


class Visitor:
    """One browser. Addresses of the product lead to this machine."""

    def __init__(self, base: str, authority: Path) -> None:
        parts = urlsplit(base)
        self.base, self.name, self.port = base, str(parts.hostname), int(parts.port or 443)
        self.tls = ssl.create_default_context(cafile=str(authority))
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, body, and where a redirect leads."""
        connection = _ToHere(self.name, self.port, context=self.tls, timeout=60)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": self.base + path,
            "Origin": self.base,
            "Host": f"{self.name}:{self.port}",
        }
        if fields is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", path, urlencode(fields), headers)
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

    def until(self, path: str, status: int, *, within: float) -> str:
        """Ask until it answers with this status. Raises Failed where it takes longer."""
        end = time.monotonic() + within
        while True:
            try:
                answered, body, _ = self.ask(path)
            except OSError as error:
                answered, body = 0, str(error)
            if answered == status:
                return f"{answered} {body[:600]}\n"
            if time.monotonic() > end:
                raise Failed(f"{path} answered {answered} until the end: {body[:2000]}")
            time.sleep(1)

    def sign_in(self, email: str, password: str) -> str:
        status, _, leads = self.send("/sign-in/", {"username": email, "password": password})
        return f"{status} {urlsplit(leads).path}\n"

    def export(self, kind: str) -> str:
        """Order an export of a list, wait until a worker made it, and read the file."""
        _, _, leads = self.send(f"/exports/of/{kind}/", {"format": "csv"}, form_on=f"/{kind}/")
        number = re.search(r"/exports/(\d+)/", leads)
        if number is None:
            raise Failed(f"The export led to {leads!r}")
        return self.until(f"/exports/{number[1]}/file/", 200, within=120)

    def many(self, path: str, times: int) -> str:
        found = [self.ask(path)[0] for _ in range(times)]
        return ", ".join(f"{found.count(status)} times {status}" for status in sorted(set(found))) + "\n"

    def metrics(self, port: int, token: str, pattern: str) -> str:
        """The lines of a web host's metrics that fit."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {token}", "Host": self.name})
        lines = connection.getresponse().read().decode().splitlines()
        return "".join(f"{line}\n" for line in lines if re.match(pattern, line))


class _ToHere(http.client.HTTPSConnection):
    """Connects to this machine, and asks for the certificate of the name."""

    def connect(self) -> None:
        self.host, name = "127.0.0.1", self.host
        http.client.HTTPConnection.connect(self)
        self.host = name
        self.sock = self._context.wrap_socket(self.sock, server_hostname=name)  # type: ignore[attr-defined]
