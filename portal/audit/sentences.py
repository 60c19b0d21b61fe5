"""What happened as a sentence with the person in front: "Ada Lindqvist imported 9,345 recalls".

Each app registers sentences for its actions (registration.py): of several, the first is taken whose values the event
has. Besides what the event says `before` and `after`, a sentence may name `who`, the `name` of the object, `about`
(its name with the title that its app knows), and of a name its `number`, `what` and `to` ("25-290 to Hallo"), `of`
("of Hallo") and `file` ("7 (recalls.csv)"). Whatever the log holds, there is a sentence, of a bounded length: where a
value is missing, is not one number or text, or was erased, the action's words are shown with the object as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from portal.audit.words import FIRST_NAMES, WORDS, event_words
from portal.http.object_names import object_name
from portal.subjects import kinds_of
from portal.texts import MAX_KEY, in_written_order

SYSTEM = "Offshelf"  # what histories call the product itself
MAX_SHOWN = 120  # characters of a value in a sentence

SENTENCES: dict[str, tuple[Promise, ...]] = {}
"""Action → its sentences, the one with the most values first."""
_Titles = Callable[[list[str]], Mapping[str, str]]
TITLES: dict[str, _Titles] = {}
"""Kind of object → the titles of those with the given ids, in one query; of what the reader may not see there is none."""


def register(sentences: Mapping[str, tuple[Promise, ...]], *, titles: Mapping[str, _Titles] | None = None) -> None:
    """Add the sentences for the actions of an app, and how the titles of its objects are found."""
    SENTENCES.update(sentences)
    TITLES.update(titles or {})


def with_titles(events: Iterable[Any]) -> list[Any]:
    """The events of one page, each with the title of its object for `sentence`; one query for each kind of object."""
    rows = list(events)
    for kind, find in TITLES.items():
        of_kind = [row for row in rows if row.subject_type in kinds_of(kind)]
        if of_kind:
            found = find([row.subject_id for row in of_kind])
            for row in of_kind:
                row.object_title = found.get(row.subject_id, "")
    return rows


def sentence(event: Any) -> SafeString:
    """An event as a sentence in the reader's language, as safe HTML: every value in it is escaped."""
    values = _Values(event)
    for text in SENTENCES.get(FIRST_NAMES.get(event.action, event.action), ()):
        try:
            # The sentence is ours or its translation, and each value is escaped below.
            return mark_safe(str(text % values))  # noqa: S308  # type: ignore[operator]
        except (KeyError, TypeError):  # TypeError: a text stands where the sentence counts
            continue
    words = format_html('<span lang="en" dir="ltr">{}</span>', event_words(event.action)[:MAX_SHOWN])
    if FIRST_NAMES.get(event.action, event.action) in WORDS:
        words = format_html("{}", event_words(event.action))
    return format_html("{}: {} – {}", values["who"], words, object_name(event))


class _Number(int):
    """A number that chooses between singular and plural, and is shown as the reader writes numbers."""

    def __str__(self) -> str:
        return number_format(int(self), use_l10n=True, force_grouping=True)


class _Values(dict[str, Any]):
    """What a sentence can name of an event. A KeyError where it has no such value, or none that fits into a sentence."""

    def __init__(self, event: Any) -> None:
        super().__init__()
        self.event = event

    def __missing__(self, key: str) -> Any:
        if key == "who":
            return format_html("<strong>{}</strong>", who(self.event))
        if key in _OF_NAME:
            if not (found := _OF_NAME[key].fullmatch(self._name())):
                raise KeyError(key)
            return _marked(found["found"])
        if key == "about":
            title = getattr(self.event, "object_title", "")
            name = self._name()
            return _marked(f"{name}: {title}" if title else name)
        return self._stored(key)

    def _stored(self, key: str) -> Any:
        for values in (self.event.after, self.event.before):
            value = values.get(key) if isinstance(values, dict) else None
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_KEY:
                return _Number(value)
            if isinstance(value, str) and value.strip():
                return _marked(value)
        raise KeyError(key)

    def _name(self) -> str:
        """The object's label without the English noun in front."""
        label = str(self.event.subject_label)
        try:
            noun = str(apps.get_model(kinds_of(self.event.subject_type)[0])._meta.verbose_name)
        except (LookupError, ValueError):
            raise KeyError(self.event.subject_type) from None
        if not label.lower().startswith(f"{noun.lower()} ") or not (name := label[len(noun) :].strip()):
            raise KeyError(noun)
        return name


_OF_NAME = {
    "name": re.compile(r"(?P<found>.+)", re.DOTALL),
    "number": re.compile(r".*?\b(?P<found>\d{1,19})\Z", re.DOTALL),
    "what": re.compile(r"(?P<found>.+?) to .+", re.DOTALL),
    "to": re.compile(r".+? to (?P<found>.+)", re.DOTALL),
    "of": re.compile(r"of (?P<found>.+)", re.DOTALL),
    "file": re.compile(r"\d+ \((?P<found>.+)\)", re.DOTALL),
}
"""What a sentence can name of an object's name → where in the name it is."""


def who(event: Any) -> str:
    """Who did it, by name alone; the organisation or address that the label adds is shown beside the sentence."""
    if event.actor_kind == "system":
        return SYSTEM
    if event.actor_kind == "unknown":
        return gettext("Someone not signed in")
    label = str(event.actor_label)
    name = label.partition(", ")[0] or gettext("Someone")
    return _short(label if name.strip().casefold() == SYSTEM.casefold() else name)  # nobody is told of as the system


def _short(text: str) -> str:
    plain = in_written_order(" ".join(str(text)[: 4 * MAX_SHOWN].split()))
    return plain if len(plain) <= MAX_SHOWN else f"{plain[: MAX_SHOWN - 1]}…"


def _marked(text: str) -> SafeString:
    """What was written in another language than the page's, so that a screen reader and the order of writing know."""
    return format_html('<bdi lang="en">{}</bdi>', _short(text))
