"""Erasing names from payloads of sealed events. The chain commits to the digest of a payload, and keeps it.

An event `audit.payloads_erased` comes first, in the same transaction: it names each position of which the payload changes,
with the SHA-256 of what is left. So an event that is not what was sealed is either named by a sealed event of this kind,
and is word for word what that one says, or it was tampered with. Who, when, what and about which object never change:
the application's role has no right to, only to the function that changes the four texts (portal/migrations).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from portal.audit import chain
from portal.models import AuditEvent, AuditSeal

BATCH = 500
_ERASE = "SELECT portal_erase_payloads(%s, %s::jsonb)"


@dataclass(frozen=True, slots=True)
class Names:
    """What a person was called and is called from now on. `pseudonym` stands for names, `address` for addresses."""

    person: int
    names: Sequence[str]
    addresses: Sequence[str]
    pseudonym: str
    address: str

    @property
    def unmistakable(self) -> list[str]:
        """Names of two words or more: these are looked for everywhere, others in events by or about the person only."""
        return [name for name in self.names if " " in name.strip()]

    def redactor(self, *, own: bool) -> Callable[[str], str]:
        """Replaces addresses and names as whole words; a name of one word only where the text is the person's `own`."""
        names = sorted(self.names if own else self.unmistakable, key=len, reverse=True)
        by_address = _any_of(self.addresses, re.IGNORECASE)
        by_name = _any_of(names, 0)
        return lambda text: by_name.sub(self.pseudonym, by_address.sub(self.address, text))


def _any_of(words: Sequence[str], flags: int) -> re.Pattern[str]:
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    found = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", flags)


def payload_digest(content: Mapping[str, Any]) -> str:
    """What an event of erasure says of a payload that was erased."""
    return chain.sha256(chain.canonical(dict(content)))


def erased_payloads() -> dict[int, str]:
    """Position → SHA-256 of the payload as it is since its erasure, from the sealed events that say so, the newest last."""
    found: dict[int, str] = {}
    rows = AuditEvent.objects.filter(action=chain.ERASED, seal__isnull=False).order_by("seal__position")
    for after in rows.values_list("after", flat=True).iterator():
        found.update(chain.erased_in(after))
    return found


def events_naming(names: Names) -> Iterator[Sequence[AuditEvent]]:
    """Sealed events by or about a person, or with a name or address of theirs, in batches."""
    wanted = Q(user_id=names.person) | Q(subject_type="portal.user", subject_id=str(names.person))
    for word in [*names.addresses, *names.unmistakable]:
        texts = ("actor_label", "subject_label", "reason", "before_text", "after_text")
        for text in texts:
            spelled = json.dumps(word, ensure_ascii=False)[1:-1] if text.endswith("_text") else word
            wanted |= Q(**{f"{text}__icontains": spelled})
    rows = AuditEvent.objects.annotate(
        before_text=Cast("before", TextField()), after_text=Cast("after", TextField())
    ).filter(wanted, seal__isnull=False)
    last = 0
    while batch := list(rows.filter(pk__gt=last).exclude(action=chain.ERASED).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def erase_payloads(names: Names, *, record: Callable[[dict[str, str]], AuditEvent]) -> int:
    """Erase a person's names and addresses from the payloads of sealed events; returns how many. Safe to call again.

    `record` writes the event of erasure of a batch, given position → digest of what is left.
    """
    erased = 0
    for batch in events_naming(names):
        with transaction.atomic():
            changed = [event for event in batch if _redact(event, names)]
            if not changed:
                continue
            positions = dict(AuditSeal.objects.filter(event__in=changed).values_list("event_id", "position"))
            left = {str(positions[event.pk]): payload_digest(chain.content_of(event)) for event in changed}
            cause = record(left)
            texts = ("actor_label", "subject_label", "before", "after", "reason")
            rows = [{"id": event.pk} | {name: getattr(event, name) for name in texts} for event in changed]
            with connection.cursor() as cursor:
                cursor.execute(_ERASE, [cause.pk, json.dumps(rows, cls=DjangoJSONEncoder)])
                if cursor.fetchone()[0] != len(changed):
                    raise RuntimeError("Not every payload could be erased; nothing of this batch was.")
            erased += len(changed)
    return erased


def _redact(event: AuditEvent, names: Names) -> bool:
    """Whether anything of the event's texts was a name of the person's. Labels of other people stay theirs."""
    about = event.subject_type == "portal.user" and event.subject_id == str(names.person)
    own = event.user_id == names.person or about
    redact = names.redactor(own=own)
    former = chain.canonical(chain.content_of(event))
    if event.user_id in {None, names.person}:
        event.actor_label = redact(event.actor_label)[:300]
    if about or event.subject_type != "portal.user":
        event.subject_label = redact(event.subject_label)[:300]
    event.before, event.after = _within(event.before, redact), _within(event.after, redact)
    event.reason = redact(event.reason)
    return chain.canonical(chain.content_of(event)) != former


def _within(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_within(each, redact) for each in value]
    if isinstance(value, dict):
        return {key: _within(each, redact) for key, each in value.items()}
    return value
