"""How the audit log calls objects, in the reader's language.

The log stores a name in English: the noun of the object's kind, and what tells it from others of its kind ("Recall 26-1",
"Takedown of flag 7"). Each app registers the nouns of its kinds, and the texts that may follow a noun
(docs/decisions/0016-translation-on-display.md). A name of no registered kind is shown as it is stored.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.http import stored_texts
from portal.subjects import kinds_of
from portal.texts import in_written_order

MAX_SHOWN = 300  # characters, as many as the log stores
OBJECTS: dict[str, tuple[str, ...]] = {}
"""Kind of object → its noun, and the texts of what follows where that is more than a name or number."""


def register(objects: Mapping[str, tuple[str, ...]]) -> None:
    """Add the kinds of an app: the noun with a capital letter, then texts as in portal/http/stored_texts.py."""
    OBJECTS.update(objects)


def noun_of(kind: str) -> str:
    """What one object of a kind is called; its name for programs where no app registered it."""
    noun, *_texts = OBJECTS.get(kind, ("",))
    return gettext(noun) if noun else kind


def object_name(row: Any) -> SafeString:
    """The name of what a row is about (its `subject_type` and `subject_label`), for a page."""
    kind, label = kinds_of(row.subject_type)[0], in_written_order(" ".join(str(row.subject_label)[:MAX_SHOWN].split()))
    noun, *texts = OBJECTS.get(kind, ("",))
    stored_noun = str(apps.get_model(kind)._meta.verbose_name) if noun else ""
    if not noun or not label.lower().startswith(f"{stored_noun.lower()} "):
        return format_html('<bdi lang="en">{}</bdi>', label)
    name = label[len(stored_noun) :].strip()
    said = next((words for text in texts if (words := stored_texts.filled(text, name)) is not None), None)
    return format_html("{} {}", gettext(noun), said or format_html("<bdi>{}</bdi>", name))
