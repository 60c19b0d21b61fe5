"""Everything that is stored about one person, as a ZIP: a file of JSON lines for each table.

Which tables those are follows from the tables themselves: whatever refers to a person is in it, also what an app adds
later. What opens something (passwords, keys, secrets of factors) is left out, and so are pages and pictures as bytes.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, F, ManyToManyField, Model, Q, QuerySet
from django.utils.translation import gettext_noop

from portal import audit
from portal.exporting.registry import Exporter, Tally, register
from portal.exporting.zipped import zipped
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Mail, PasswordRequest, User

KIND = "person"
SECRET = {
    "portal.user": {"password"},
    "portal.session": {"session_key", "session_data"},
    "portal.secondfactor": {"secret", "credential_id"},
    "portal.accountlink": {"nonce"},
    "portal.mail": {"secret_page"},
    "listings.sellerlink": {"nonce"},
    "portal.apikey": {"digest"},
    "listings.scheduledfeed": {"credential", "credential_name"},
}
"""Model → its fields that open something, or let somebody guess what does."""
NOT_ABOUT_PEOPLE = {"admin", "auth", "contenttypes"}


def write_person(actor: Actor, arguments: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    """The ZIP; that it was made is in the audit log. Raises User.DoesNotExist where the actor does not see the person."""
    actor.require("person.export")
    person = User.objects.visible_to(actor).get(pk=arguments["person"])
    tables, counts = tables_about(person), Counter[str]()
    tally.total = sum(rows.count() for rows in tables.values())
    yield from zipped((f"{name}.jsonl", _rows(name, rows, tally, counts)) for name, rows in tables.items())
    audit.record(actor=actor, action="person.exported", subject=person, after={"rows": dict(counts)})


def tables_about(person: User) -> dict[str, QuerySet[Any]]:
    """Model → its rows that are about a person, by any of its references; also mail to their address, and events about them."""
    found: dict[str, QuerySet[Any]] = {"portal.user": User.objects.filter(pk=person.pk)}
    for model in apps.get_models():
        if model._meta.app_label in NOT_ABOUT_PEOPLE or model is User:
            continue
        wanted = Q(pk__in=[])
        for name in references(model):
            wanted |= Q(**{name: person})
        if model is AuditEvent:
            wanted |= Q(subject_type="portal.user", subject_id=str(person.pk))
        if model is Mail:
            wanted |= Q(to__iexact=person.email)
        if model is PasswordRequest:
            wanted |= Q(account__iexact=person.email)
        if wanted != Q(pk__in=[]):
            found[model._meta.label_lower] = model._base_manager.filter(wanted).order_by("pk").distinct()
    return found


def references(model: type[Model]) -> list[str]:
    """The fields of a model that name people."""
    fields = [*model._meta.concrete_fields, *model._meta.local_many_to_many]
    return [field.name for field in fields if field.related_model is User]


def _rows(name: str, rows: QuerySet[Any], tally: Tally, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    fields: list[Any] = [field for field in rows.model._meta.concrete_fields if _is_told(name, field)]
    names = [field.attname for field in fields]
    for row in rows.values(**{f"_{each}": F(each) for each in names}).iterator(chunk_size=500):
        yield {each: row[f"_{each}"] for each in names}
        counts[name] += 1
        tally.counted += 1
        tally.step()


def _is_told(name: str, field: Any) -> bool:
    hidden = isinstance(field, BinaryField | ManyToManyField)
    return not hidden and not field.generated and field.name not in SECRET.get(name, ())


register(
    Exporter(
        KIND, gettext_noop("Everything about a person"), "person.export", Export.Unit.ROWS, "zip", "application/zip",
        write_person, "portal.user", "person",
    )
)  # fmt: skip
