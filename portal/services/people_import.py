"""Many people at once, from a file: what each row would do, and doing it, each row by one call of a service.

An admin imports people of their own regulator, an operator those of all organisations; other accounts are out of reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.models import Organisation, Role, User
from portal.models.accounts import PLACE_OF, WRONG_PLACE
from portal.people_file import COLUMNS, Row
from portal.services.accounts import edit_person, leaves
from portal.services.invitations import invite_person

NEW, CHANGED, UNCHANGED, REJECTED = "new", "changed", "unchanged", "rejected"
CHANGED_SINCE = gettext_noop("This changed since the preview. Upload the file again.")
_YES, _NO = {"yes", "true", "1", "active"}, {"no", "false", "0", "inactive"}
_FIELD_OF = {"name": "name", "email": "email", "role": "role", "organisation": "organisation", "active": "is_active"}
_COLUMN_OF = {field: column for column, field in _FIELD_OF.items()}
_MAX_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: in which `column`, because of which `value`, and what to do (`detail` with `params`)."""

    column: str
    value: str
    detail: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one row would do. `changes` are the fields of a new account, or of the account `person` that get a new value."""

    row: Row
    kind: str
    changes: dict[str, Any] = field(default_factory=dict)
    person: User | None = None
    problem: Problem | None = None
    ends_access: bool = False

    @property
    def fingerprint(self) -> list[Any]:
        """The row and what was shown of it, for comparing a preview with what is so when it is confirmed."""
        changes = {name: getattr(value, "pk", value) for name, value in sorted(self.changes.items())}
        return [self.row.line, self.row.cells, self.row.too_long, self.kind, changes]

    @property
    def shown_changes(self) -> list[tuple[str, object, object]]:
        """(column, value so far, new value), of an account that is there."""
        if self.person is None:
            return []
        return [(_COLUMN_OF[name], getattr(self.person, name), value) for name, value in self.changes.items()]


@dataclass(slots=True)
class Imported:
    """How an import went: accounts added and changed, and the rows that were not imported after all."""

    added: int = 0
    changed: int = 0
    refused: list[Judged] = field(default_factory=list)


def importable_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Whose people somebody may import: an admin those of the own regulator, an operator those of all."""
    actor.require("person.manage")
    return Organisation.objects.managed_by(actor).order_by("name")


def preview_people(*, rows: Sequence[Row], actor: Actor) -> list[Judged]:
    """What each row would do; changes nothing."""
    places = {
        key: each for each in importable_organisations(actor) for key in (each.slug.casefold(), each.name.casefold())
    }
    addresses = [email_addresses.normal(row.cells.get("email")) for row in rows]
    stored = {each.email: each for each in User.objects.filter(email__in=addresses).select_related("organisation")}
    first: dict[str, int] = {}
    judged = []
    for row, address in zip(rows, addresses, strict=True):
        earlier = first.setdefault(address, row.line)
        try:
            _refuse_twice(row, address, earlier)
            judged.append(_judge(row, address, stored.get(address), places, actor))
        except _Rejected as rejected:
            judged.append(Judged(row, REJECTED, problem=rejected.problem))
    return judged


def import_people(*, rows: Sequence[Row], seen: Sequence[list[Any]], actor: Actor) -> Imported:
    """Invite the new people and change the others, as a preview showed it (`seen`: its fingerprints). A row that would do
    something else by now, or that a service refuses, is not imported and costs no other row."""
    done = Imported()
    for judged, before in zip(preview_people(rows=rows, actor=actor), seen, strict=True):
        if judged.fingerprint != before:
            done.refused.append(_refused(judged, CHANGED_SINCE))
        elif judged.kind in {NEW, CHANGED}:
            try:
                _import(judged, done, actor)
            except ValidationError as error:
                done.refused.append(_refused(judged, " ".join(error.messages)))
            except IntegrityError:  # somebody added the same address at this very moment
                done.refused.append(_refused(judged, CHANGED_SINCE))
    if (done.added or done.changed) and actor.organisation_id is not None:
        with transaction.atomic():
            organisation = Organisation.objects.get(pk=actor.organisation_id)
            after = {"added": done.added, "changed": done.changed, "refused": len(done.refused)}
            audit.record(actor=actor, action="person.imported", subject=organisation, after=after)
    return done


def _import(judged: Judged, done: Imported, actor: Actor) -> None:
    if judged.kind == NEW:
        wanted = {name: judged.changes[name] for name in ("email", "name", "role", "organisation")}
        invite_person(actor=actor, **wanted)
        done.added += 1
    elif judged.person is not None:
        edit_person(person=judged.person, actor=actor, **judged.changes)
        done.changed += 1


def _refused(judged: Judged, detail: str) -> Judged:
    cells = judged.row.cells
    return Judged(judged.row, REJECTED, problem=Problem("email", cells.get("email", "")[:_MAX_SHOWN], detail))


class _Rejected(Exception):
    def __init__(self, column: str, value: str, detail: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(column, value[:_MAX_SHOWN], detail, params or {})


def _refuse_twice(row: Row, address: str, earlier: int) -> None:
    if earlier != row.line:
        detail = gettext_noop("Line %(line)s has the same address. Delete one of the two lines.")
        raise _Rejected("email", address, detail, {"line": earlier})


def _judge(row: Row, address: str, person: User | None, places: dict[str, Organisation], actor: Actor) -> Judged:
    """Raises _Rejected."""
    if row.too_long:
        raise _Rejected(
            "", "", gettext_noop("The line has more cells than the first row. Check its quotes and separators.")
        )
    wanted = _values(row, address, places)
    if person is None:
        return _new(row, wanted)
    if person.organisation not in places.values():
        raise _Rejected("email", address, gettext_noop("This person belongs to another organisation. Delete the line."))
    changes = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    if not changes:
        return Judged(row, UNCHANGED, person=person)
    if person.pk == actor.user_id:
        raise _Rejected(
            "email", address, gettext_noop("You cannot change your own account with a file. Delete the line.")
        )
    _check_place(wanted.get("role", person.role), wanted.get("organisation", person.organisation), row)
    return Judged(row, CHANGED, changes, person, ends_access=leaves(person, **changes))


def _new(row: Row, wanted: dict[str, Any]) -> Judged:
    for column in ("name", "role", "organisation"):
        if column not in wanted:
            raise _Rejected(column, "", gettext_noop("This is needed for a new person. Fill the cell."))
    if not wanted.pop("is_active", True):
        raise _Rejected("active", "no", gettext_noop("A new person is active. Delete the line, or write yes."))
    _check_place(wanted["role"], wanted["organisation"], row)
    return Judged(row, NEW, wanted)


def _check_place(role: str, organisation: Organisation, row: Row) -> None:
    if PLACE_OF[role] != organisation.kind:
        raise _Rejected("role", row.cells.get("role", role), WRONG_PLACE[role])


def _values(row: Row, address: str, places: dict[str, Organisation]) -> dict[str, Any]:
    """The fields that a row gives values for. Raises _Rejected for what is none."""
    cells = row.cells
    for column in COLUMNS:
        if not cells.get(column, "").isprintable():
            raise _Rejected(
                column, repr(cells[column]), gettext_noop("The cell has control characters. Type it again.")
            )
    try:
        validate_email(address)
    except ValidationError:
        detail = gettext_noop("This is not an email address. Write one such as ana@example.org.")
        raise _Rejected("email", cells.get("email", ""), detail) from None
    found: dict[str, Any] = {"email": address}
    if name := " ".join(cells.get("name", "").split()):
        if len(name) > 120:
            raise _Rejected("name", name, gettext_noop("A name has up to 120 characters. Shorten it."))
        found["name"] = name
    if role := cells.get("role", ""):
        found["role"] = _role(role)
    if place := cells.get("organisation", ""):
        if place.casefold() not in places:
            detail = gettext_noop("You manage no organisation with this name. Write its name or slug as on Platforms.")
            raise _Rejected("organisation", place, detail)
        found["organisation"] = places[place.casefold()]
    if active := cells.get("active", "").casefold():
        if active not in _YES | _NO:
            raise _Rejected("active", active, gettext_noop("Write yes or no."))
        found["is_active"] = active in _YES
    return found


def _role(text: str) -> str:
    """A role by the word that is stored or by the one that pages show in English."""
    plain = "_".join(text.casefold().replace("_", " ").split())
    if plain not in Role.values:
        detail = gettext_noop("There is no such role. The roles are: %(roles)s.")
        raise _Rejected("role", text, detail, {"roles": ", ".join(Role.values)})
    return plain
