"""What a new password must not be, by NIST SP 800-63B-4, 3.1.1.2: a known one, or one made of the account's own words.

There is no rule of composition. A long password is no better than a short one where it is a short one repeated or
padded, so what is looked up is also what remains without that.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

SERVICE_WORDS = ("offshelf", "password", "passwort", "contraseña")
MIN_OWN = 8  # characters that are left once the words anybody would guess are taken out
MIN_WORD = 3
_DECORATION = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class OwnWordsValidator:
    """Refuses what hardly has more in it than the person's name, address, organisation and the name of the service."""

    detail = gettext_noop("This password is made of your name, your email address or the name of the service.")

    def validate(self, password: str, user: Any = None) -> None:
        rest = _folded(password)
        for word in sorted({*SERVICE_WORDS, *_words_of(user)}, key=len, reverse=True):
            rest = rest.replace(word, "\x00")
        if len(rest.replace("\x00", "")) < MIN_OWN:
            raise ValidationError(gettext(self.detail), code="password_of_own_words")

    def get_help_text(self) -> str:
        return gettext("It must not be made of your name or your email address.")


class KnownPasswordValidator(CommonPasswordValidator):
    """Refuses the 20,000 passwords that leak most often, also where one is repeated, or padded with digits and signs."""

    detail = gettext_noop("This password is too easy to guess: it is a known one, a repetition or a sequence.")

    def validate(self, password: str, user: Any = None) -> None:
        text = _folded(password).strip()
        forms = {text, _DECORATION.sub("", text), _unit_of(text)}
        forms |= {_DECORATION.sub("", _unit_of(form)) for form in forms}
        if forms & self.passwords or _is_simple(text):
            raise ValidationError(gettext(self.detail), code="password_too_common")

    def get_help_text(self) -> str:
        return gettext("It must not be a known password, a repetition or a sequence.")


def _words_of(user: Any) -> set[str]:
    """The words that somebody who knows the person would try."""
    if user is None:
        return set()
    organisation = getattr(user, "organisation", None) if getattr(user, "organisation_id", None) else None
    texts = (user.email, user.name, organisation.name if organisation else "")
    return {word for text in texts for word in re.split(r"[\W_]+", _folded(text)) if len(word) >= MIN_WORD}


def _unit_of(text: str) -> str:
    """What a text repeats, its last time perhaps cut off: "abcabcab" repeats "abc"; a text that repeats nothing is itself."""
    for size in range(1, len(text) // 2 + 1):
        if (text[:size] * (len(text) // size + 1))[: len(text)] == text:
            return text[:size]
    return text


def _is_simple(text: str) -> bool:
    """Whether hardly any characters occur, or each is the neighbour of the one before: "aaaabbbbaaaabbbb", "123456789…"."""
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(text)]
    neighbours = sum(step in {0, 1, 9} for step in steps)
    return len(set(text)) < 5 or len(_unit_of(text)) < 5 or neighbours > 0.7 * len(steps)
