"""The API as the commands use it: lists page by page, changes with one effect, refusals as sentences."""

import math
import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from offshelf_client.account import Login
from offshelf_client.exchange import Answer, NoAnswer, Request, exchange
from offshelf_client.failures import Exit, Failure
from offshelf_client.printing import one_line
from portal.retry_after import seconds_in

AGENT = "offshelf"
SECONDS = 120  # for a request with all its attempts; a key's limit is over within a minute
MAX_ATTEMPTS = 5
NO_CONTENT = 204
AGAIN = frozenset({429, 502, 503, 504})
IN_PROGRESS = "idempotency_in_progress"
MAX_PAGES = 100_000


class Server:
    """A server and the key for it.

    Requests are repeated, also those that change something: each of these has an Idempotency-Key of its own, so that it
    has one effect however often it arrives. All methods raise Failure.
    """

    def __init__(self, login: Login, *, seconds: float = SECONDS) -> None:
        self.address = login.address
        self._key = login.key
        self._seconds = seconds

    def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """One object, or one page of a list."""
        return self._ask("GET", path, parameters)

    def rows(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page as they are needed."""
        for page in self.pages(path, **parameters):
            yield from page["results"]

    def pages(self, path: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """The pages of a list, as they are needed, each with its rows in `results`."""
        seen: set[str] = set()
        cursor = ""
        for _ in range(MAX_PAGES):
            page = self.get(path, **parameters, **({"cursor": cursor} if cursor else {}))
            results = page.get("results")
            if not isinstance(results, list):
                raise _not_ours(self.address)
            yield {**page, "results": [row for row in results if isinstance(row, dict)]}
            # Only the cursor of `next` is used: the key goes to the address of the login, whatever an answer says.
            cursor = (parse_qs(urlsplit(str(page.get("next") or "")).query).get("cursor") or [""])[0]
            if not cursor or cursor in seen:
                return
            seen.add(cursor)

    def send(self, path: str, body: dict[str, Any], *, method: str = "POST") -> dict[str, Any]:
        """Change something, once."""
        return self._ask(method, path, {}, body)

    def send_bytes(self, method: str, path: str, body: bytes = b"", *, headers: dict[str, str]) -> dict[str, Any]:
        """Change something by tus, once; nothing is returned where the answer has no content."""
        return self._ask(method, path, {}, body, {"Tus-Resumable": "1.0.0", **headers})

    def _ask(
        self,
        method: str,
        path: str,
        parameters: dict[str, str],
        body: Any = None,
        more: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json", "User-Agent": AGENT}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4()), **(more or {})}
        request = Request(method, f"{self.address}/api/v1/{path}", headers, parameters, body)
        until = time.monotonic() + self._seconds
        for attempt in count(1):
            wait = random.uniform(0.5, 1) * 2 ** (attempt - 1)  # noqa: S311  spreads attempts, no secret
            failure: Failure
            try:
                answer = exchange(request, seconds=until - time.monotonic())
            except NoAnswer as error:
                failure = error
            else:
                if answer.status == NO_CONTENT:
                    return {}
                if answer.status < 300 and isinstance(answer.content, dict):
                    return answer.content
                failure = refusal(answer, self.address)
                if answer.status not in AGAIN and failure.code != IN_PROGRESS:
                    raise failure
                wait = max(wait, retry_after(answer))
            if attempt == MAX_ATTEMPTS or time.monotonic() + wait >= until:
                raise failure
            time.sleep(wait)
        raise AssertionError("the attempts end above")


def retry_after(answer: Answer) -> float:
    """The seconds that Retry-After asks to wait, as a number or a date; 0 where it says nothing that can be read."""
    return seconds_in(answer.headers.get("retry-after", ""), datetime.now(UTC))


def refusal(answer: Answer, address: str) -> Failure:
    """What an answer that is no success means, in one sentence with the problem's code."""
    if answer.status in range(300, 400):
        place = one_line(answer.headers.get("location", ""), 200)
        return Failure(f"{address} redirects to {place or 'another address'}: log in with that one.", Exit.NO_ANSWER)
    problem = answer.content if isinstance(answer.content, dict) else {}
    code = one_line(problem.get("code", ""), 60)
    if not code:
        if answer.status >= 500:
            return Failure(f"{address} has an error ({answer.status}): try again later.", Exit.NO_ANSWER)
        return _not_ours(address, answer.status)
    detail = one_line(problem.get("detail") or problem.get("title") or "Refused.", 400)
    errors = problem.get("errors")
    if isinstance(errors, dict) and code == "invalid":
        detail = one_line("; ".join(f"{field}: {_first(reason)}" for field, reason in list(errors.items())[:3]), 400)
    if answer.status == 429 and (wait := retry_after(answer)):
        detail = f"{detail.rstrip('.')}; try again in {math.ceil(wait)} s"
    statuses = {401: Exit.NOT_LOGGED_IN, 403: Exit.NOT_LOGGED_IN, 429: Exit.NO_ANSWER}
    status = statuses.get(answer.status, Exit.NO_ANSWER if answer.status >= 500 else Exit.REFUSED)
    return Failure(f"{detail.rstrip('.')} ({code}).", status, code)


def _first(reason: Any) -> Any:
    """The first text in what may be nested."""
    for _ in range(20):
        if isinstance(reason, dict) and reason:
            reason = next(iter(reason.values()))
        elif isinstance(reason, list) and reason:
            reason = reason[0]
        else:
            break
    return str(reason).rstrip(".")


def _not_ours(address: str, status: int | None = None) -> Failure:
    said = f" ({status})" if status else ""
    return Failure(f"What answers at {address} is not Offshelf's API{said}: check the address.", Exit.NO_ANSWER)
