"""What the health page shows of the parts of the system. Each app registers its own; the page asks them all."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the health page: whether the part is in order, and what to know of it, in the reader's language."""

    name: str
    ok: bool
    detail: str


_PARTS: dict[str, Callable[[], tuple[bool, str]]] = {}


def register(name: str, check: Callable[[], tuple[bool, str]]) -> None:
    """Have the page show a part by its `name`, marked for translation; `check` tells whether it is in order, and more."""
    if name in _PARTS:
        raise ValueError(f"There are two parts called {name}.")
    _PARTS[name] = check


def parts() -> list[Part]:
    """What the registered parts say of themselves; one that cannot be asked is not in order."""
    return [_asked(name, check) for name, check in _PARTS.items()]


def _asked(name: str, check: Callable[[], tuple[bool, str]]) -> Part:
    try:
        with transaction.atomic():
            return Part(name, *check())
    except Exception as error:
        logger.exception("the state of %s cannot be read", name)
        return Part(
            name, ok=False, detail=gettext("Its state cannot be read (%(error)s).") % {"error": type(error).__name__}
        )
