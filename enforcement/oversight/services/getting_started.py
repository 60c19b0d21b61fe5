"""What each role does first, and whether it is done: read from what there is, never stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from enforcement.models import CalendarDay, Heartbeat, Policy, Takedown
from enforcement.states import TakedownStatus
from listings.models import CatalogueImport, Decision
from portal.identity.actors import Actor
from portal.models import ApiKey, AuditEvent, Organisation, Role, User
from portal.models.jobs import JobStatus
from recalls.models import Notice, Recall


@dataclass(frozen=True, slots=True)
class GettingStartedStep:
    """One step: what it is, why, the name of the page where it is done, and whether it is."""

    title: str
    text: str
    page: str
    done: bool


def getting_started(*, person: User, actor: Actor) -> list[GettingStartedStep]:
    """The steps of a person's role, in order. Those of an organisation are done once anybody in it did them."""
    return list(_STEPS[Role(person.role)](person, actor))


def _of_regulator(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    recalls, notices = Recall.objects.visible_to(actor), Notice.objects.visible_to(actor)
    yield GettingStartedStep(
        "Write or import a recall", "One by hand, or many from the CPSC Recall API's file.", "recalls:list", recalls.exists()
    )  # fmt: skip
    yield GettingStartedStep(
        "Have it reviewed and published", "Submit it; a colleague reads and publishes it.", "recalls:list",
        recalls.filter(published_at__isnull=False).exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        "Send it to platforms", "Choose platforms and a policy; you see when each would be due.", "enforcement:send", notices.exists()
    )  # fmt: skip
    yield GettingStartedStep(
        "Watch the board until a listing is proved gone", "Late ones stand first; the ladder goes on by itself.", "enforcement:board",
        _proved(actor).exists(),
    )  # fmt: skip


def _of_moderator(person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    yield _acknowledge(actor)
    yield GettingStartedStep(
        gettext_noop("Claim a flag"), gettext_noop("It is yours for a while; nobody else decides it meanwhile."), "listings:queue",
        AuditEvent.objects.filter(user=person, action="flag.claimed").exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        gettext_noop("Decide it"), gettext_noop("The recall and the listing stand side by side, with what speaks for and against."),
        "listings:queue", Decision.objects.filter(user=person).exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        gettext_noop("See the proof"), gettext_noop("Looks at the listing's page prove that it is gone; only then its clock ends."),
        "enforcement:takedowns", _proved(actor).exists(),
    )  # fmt: skip


def _of_manager(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    imports = CatalogueImport.objects.visible_to(actor).filter(status=JobStatus.DONE)
    yield GettingStartedStep(
        gettext_noop("Import the catalogue"), gettext_noop("A full feed first; then what changes, as a file or by the API."),
        "listings:imports", imports.exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        gettext_noop("Make an API key"), gettext_noop("Your programs send the catalogue and read notices with it."), "portal:keys",
        ApiKey.objects.visible_to(actor).exists(),
    )  # fmt: skip
    yield _acknowledge(actor)


def _of_admin(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    yield GettingStartedStep(
        "Add the platforms", "Each with its time zone, and the address that notices are mailed to.", "portal:organisations",
        Organisation.objects.visible_to(actor).platforms().exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        "Add their people and yours", "Moderators and managers at platforms, staff at the regulator.", "portal:people",
        User.objects.filter(role__in=User.PLATFORM_ROLES).exists() and User.objects.filter(role=Role.REGULATOR_STAFF).exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        "Write a policy", "How much time there is, and the ladder of what happens when it runs out.", "enforcement:policies",
        Policy.objects.visible_to(actor).exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        "Settle the calendars", "Public holidays are known; add the days that your office settles itself.", "enforcement:calendars",
        CalendarDay.objects.visible_to(actor).exists(),
    )  # fmt: skip
    yield GettingStartedStep(
        "See that the machine lives", "Worker, beat and watchdog each report; the watchdog beats once all clocks are in order.",
        "portal:health", Heartbeat.objects.filter(beat_at__isnull=False).exists(),
    )  # fmt: skip


def _acknowledge(actor: Actor) -> GettingStartedStep:
    return GettingStartedStep(
        gettext_noop("Acknowledge a notice"), gettext_noop("It tells the regulator that the recall has arrived."), "recalls:notices",
        Notice.objects.visible_to(actor).filter(acknowledged_at__isnull=False).exists(),
    )  # fmt: skip


def _proved(actor: Actor) -> QuerySet[Takedown]:
    return Takedown.objects.visible_to(actor).filter(status=TakedownStatus.MET)


_STEPS: dict[Role, Callable[[User, Actor], Iterator[GettingStartedStep]]] = {
    Role.REGULATOR_STAFF: _of_regulator,
    Role.MODERATOR: _of_moderator,
    Role.PLATFORM_MANAGER: _of_manager,
    Role.ADMIN: _of_admin,
}
