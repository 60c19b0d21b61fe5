"""How the fuzz tests send: each request on its own, undone afterwards, and what may never be answered."""

import os
import random
import traceback
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from django.db import transaction
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN
from portal.models import User

SEED = int(os.environ.get("FUZZ_SEED", "1"))
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "2500"))
"""About how many requests the fuzz tests send together; 0 sends all that there are."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One request: who sends it, where to, and what is hostile in it."""

    client: Client
    name: str
    send: Callable[[Client], HttpResponseBase]
    hostile: str

    def __str__(self) -> str:
        return f"{self.name} with {self.hostile[:150]}"


def may_open(name: str, person: User | None) -> bool:
    """Whether an address of this name is for this person (None: whoever comes by)."""
    rule = ACCESS[name]
    return rule == PUBLIC or (person is not None and (rule == SIGNED_IN or rule in ROLE_PERMISSIONS[person.role]))


Planned = Callable[[], Attack]
"""An attack that is made when it is sent: of several hundred thousand that there are, about one in a thousand is."""


def drawn(by_kind: Sequence[Sequence[Planned]], share: float) -> Iterator[Attack]:
    """This test's share of the requests, drawn by the seed, as many of each kind."""
    dice = random.Random(SEED)  # noqa: S311  a test that can be repeated
    shuffled = [dice.sample(planned, len(planned)) for planned in by_kind]
    in_turn = [plan for turn in zip_longest(*shuffled) for plan in turn if plan is not None]
    for plan in in_turn[: round(REQUESTS * share)] if REQUESTS else in_turn:
        yield plan()


def broken(attacks: Iterator[Attack], *, may_answer: frozenset[int]) -> tuple[int, list[str]]:
    """How many were sent, and those that were answered with what nobody may get, in words. Each one is undone."""
    sent, found = 0, []
    for attack in attacks:
        attack.client.raise_request_exception = False
        cookies = copy(attack.client.cookies)  # an answer may take the session away
        with transaction.atomic():
            status, reason = _answer(attack)
            transaction.set_rollback(True)
        attack.client.cookies = cookies
        sent += 1
        if status not in may_answer:
            found.append(f"{attack} answered {status}: {reason}")
    return sent, found


def _answer(attack: Attack) -> tuple[int, str]:
    try:
        answer = attack.send(attack.client)
    except Exception as error:  # noqa: BLE001  not even the page of a 500 could be made
        return 500, _reason(error)
    if isinstance(answer, StreamingHttpResponse):
        answer.getvalue()
    elif answer.status_code == 500 and (raised := getattr(answer, "exc_info", None)):
        return 500, _reason(raised[1])
    return answer.status_code, bytes(getattr(answer, "content", b""))[:200].decode(errors="replace")


def _reason(error: BaseException) -> str:
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__}: {str(error)[:120]!r} at {' < '.join(reversed(frames[-3:]))}"
