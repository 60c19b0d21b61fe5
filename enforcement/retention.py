"""What enforcement deletes after some days: pages and screenshots that checks captured, never a check itself.

A check that shows that a listing is gone or restricted proves a removal, and is kept whole with its takedown; so is every
check of an open case. Of the others the page goes after its days. What was seen, when, how and the digest of the page stay,
and an event of the takedown names each page that went, so that an evidence pack made later still adds up.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from enforcement.models import Appeal, ControlCheck, Observation, Takedown
from enforcement.states import OPEN, AppealStatus, Verdict
from portal import audit
from portal.identity.actors import Actor
from portal.retention.registry import Held, Holdable, Kind, protect, register, register_holdable

PROOFS = (Verdict.GONE, Verdict.RESTRICTED)

_HELD: dict[str, Held] = {
    "enforcement.takedown": "takedown",
    "recalls.notice": "takedown__flag__notice",
    "recalls.recall": "takedown__flag__recall",
    "portal.organisation": lambda keys: Q(takedown__platform__in=keys) | Q(takedown__regulator__in=keys),
    "portal.user": "user",
}


def _bytes(*fields: str) -> Any:
    """How many bytes the fields have together, without reading them."""
    first, *others = [Func(F(name), function="octet_length", output_field=IntegerField()) for name in fields]
    both: Any = first
    for other in others:
        both = both + other
    return both


def _appealed() -> Exists:
    return Exists(Appeal.objects.filter(takedown=OuterRef("takedown"), status=AppealStatus.OPEN))


def _pages() -> QuerySet[Observation]:
    whole = Observation.objects.filter(~Q(body=b"") | ~Q(picture=b"")).exclude(verdict__in=PROOFS)
    return whole.exclude(takedown__status__in=OPEN).filter(~_appealed()).defer("body", "picture")


def _forget_pages(rows: Sequence[Observation]) -> None:
    """Each page's digest stays in its check, and in the event that it went."""
    Observation.objects.filter(pk__in=[row.pk for row in rows]).update(body=b"", picture=b"")
    pages: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        pages[row.takedown_id][str(row.pk)] = row.body_digest
    for takedown in Takedown.objects.filter(pk__in=pages):
        audit.record(
            actor=Actor.system("retention"),
            action="takedown.pages_deleted",
            subject=takedown,
            after={"pages": pages[takedown.pk]},
        )


def _control_pages() -> QuerySet[ControlCheck]:
    """Of control checks that no open case and no proof refers to."""
    of_it = Observation.objects.filter(control=OuterRef("pk"))
    needed = Q(verdict__in=PROOFS) | Q(takedown__status__in=OPEN) | Q(_appealed())
    whole = ControlCheck.objects.filter(~Q(impossible_body=b"") | ~Q(live_body=b""))
    return whole.filter(~Exists(of_it.filter(needed))).defer("impossible_body", "live_body")


def _forget_control_pages(rows: Sequence[ControlCheck]) -> None:
    ControlCheck.objects.filter(pk__in=[row.pk for row in rows]).update(impossible_body=b"", live_body=b"")


def _held_by_checks(path: str) -> dict[str, Held]:
    """Rows that a check of a held object refers to by its field `path`."""

    def held(label: str) -> Held:
        def condition(keys: Collection[int]) -> Q:
            way = _HELD[label]
            found = way(keys) if callable(way) else Q(**{f"{way}__in": keys})
            return Q(Exists(Observation.objects.filter(found, **{path: OuterRef("pk")})))

        return condition

    return {label: held(label) for label in _HELD}


def _feed_of_open_case() -> Q:
    """A feed that was evidence in a case that is open."""
    of_it = Observation.objects.filter(feed=OuterRef("pk"))
    return Q(Exists(of_it.filter(Q(takedown__status__in=OPEN) | Q(_appealed()))))


register_holdable(Holdable("enforcement.takedown", gettext_noop("Takedown"), "pk"))
register(
    Kind(
        name="check_pages",
        title=gettext_noop("Pages captured by checks"),
        detail=gettext_noop(
            "Pages and screenshots that prove nothing: of closed takedowns, where the listing was live or unclear."
        ),
        days=365,
        min_days=90,
        since="at",
        rows=_pages,
        erase=_forget_pages,
        held=_HELD,
        stated=lambda row: f"{row.pk} {row.body_digest}",
        size=_bytes("body", "picture"),
    ),
    Kind(
        name="control_pages",
        title=gettext_noop("Pages captured by control checks"),
        detail=gettext_noop("Answers of hosts for other addresses, to which no open takedown and no proof refers."),
        days=365,
        min_days=90,
        since="at",
        rows=_control_pages,
        erase=_forget_control_pages,
        held=_held_by_checks("control"),
        stated=lambda row: f"{row.pk} {row.impossible_digest} {row.live_digest}",
        size=_bytes("impossible_body", "live_body"),
    ),
)
protect("catalogue_files", _feed_of_open_case, also_held=_held_by_checks("feed"))
