"""The first tasks of each role and whether they are done: derived from existing data, never stored."""

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
    """One step: title, explanation, the name of the page where you do it, and whether it is done."""

    title: str
    text: str
    page: str
    done: bool


def getting_started(*, person: User, actor: Actor) -> list[GettingStartedStep]:
    """The steps of a person's role, in order. Steps of an organisation are done when anyone in it has done them."""
    return list(_STEPS[Role(person.role)](person, actor))


def _of_regulator(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    recalls, notices = Recall.objects.visible_to(actor), Notice.objects.visible_to(actor)
    yield GettingStartedStep(
        gettext_noop("Write or import a recall"),
        gettext_noop("Write one yourself, or import many from a file."),
        "recalls:list",
        recalls.exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Get it reviewed and published"),
        gettext_noop("Submit the recall. A colleague reviews and publishes it."),
        "recalls:list",
        recalls.filter(published_at__isnull=False).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Send it to platforms"),
        gettext_noop("Choose platforms and a policy. The preview shows the deadlines."),
        "enforcement:send",
        notices.exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Watch the board until a removal is confirmed"),
        gettext_noop("Late notices come first. Escalation runs automatically."),
        "enforcement:board",
        _proved(actor).exists(),
    )


def _of_moderator(person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    yield _acknowledge(actor)
    yield GettingStartedStep(
        gettext_noop("Claim a flag"),
        gettext_noop("The flag is yours for a while. Nobody else can decide it in the meantime."),
        "listings:queue",
        AuditEvent.objects.filter(user=person, action="flag.claimed").exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Decide the flag"),
        gettext_noop("You see the recall and the listing side by side, with evidence for and against."),
        "listings:queue",
        Decision.objects.filter(user=person).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("View the confirmation"),
        gettext_noop("Removal checks of the listing's page confirm that it is gone. Only then does the clock end."),
        "enforcement:takedowns",
        _proved(actor).exists(),
    )


def _of_manager(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    imports = CatalogueImport.objects.visible_to(actor).filter(status=JobStatus.DONE)
    yield GettingStartedStep(
        gettext_noop("Import your catalogue"),
        gettext_noop("Import a full feed first, then changes by file or API."),
        "listings:imports",
        imports.exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Create an API key"),
        gettext_noop("Your programs use it to send the catalogue and read notices."),
        "portal:keys",
        ApiKey.objects.visible_to(actor).exists(),
    )
    yield _acknowledge(actor)


def _of_operator(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    yield GettingStartedStep(
        gettext_noop("Add regulators and platforms"),
        gettext_noop("Enter the time zone and the email address for notices of each."),
        "portal:organisations",
        Organisation.objects.visible_to(actor).platforms().exists()
        and Organisation.objects.visible_to(actor).filter(kind=Organisation.Kind.REGULATOR).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Invite their first people"),
        gettext_noop("Invite an admin of each regulator, and a manager of each platform."),
        "portal:people",
        User.objects.filter(role=Role.ADMIN).exists() and User.objects.filter(role=Role.PLATFORM_MANAGER).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Check background services"),
        gettext_noop("The Health page shows whether the workers, the scheduler and the deadline monitor are running."),
        "portal:health",
        Heartbeat.objects.filter(beat_at__isnull=False).exists(),
    )


def _of_admin(_person: User, actor: Actor) -> Iterator[GettingStartedStep]:
    yield GettingStartedStep(
        gettext_noop("Add your colleagues"),
        gettext_noop("Invite regulator staff, and a second admin. An operator adds platforms."),
        "portal:people",
        User.objects.visible_to(actor).filter(role=Role.REGULATOR_STAFF).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Create a policy"),
        gettext_noop("Set how long platforms have, and the escalation steps."),
        "enforcement:policies",
        Policy.objects.visible_to(actor).exists(),
    )
    yield GettingStartedStep(
        gettext_noop("Set up calendars"),
        gettext_noop("Public holidays are included. Add the special days of your office."),
        "enforcement:calendars",
        CalendarDay.objects.visible_to(actor).exists(),
    )


def _acknowledge(actor: Actor) -> GettingStartedStep:
    return GettingStartedStep(
        gettext_noop("Acknowledge a notice"),
        gettext_noop("This tells the regulator that you received the recall."),
        "recalls:notices",
        Notice.objects.visible_to(actor).filter(acknowledged_at__isnull=False).exists(),
    )


def _proved(actor: Actor) -> QuerySet[Takedown]:
    return Takedown.objects.visible_to(actor).filter(status=TakedownStatus.MET)


_STEPS: dict[Role, Callable[[User, Actor], Iterator[GettingStartedStep]]] = {
    Role.REGULATOR_STAFF: _of_regulator,
    Role.MODERATOR: _of_moderator,
    Role.PLATFORM_MANAGER: _of_manager,
    Role.ADMIN: _of_admin,
    Role.OPERATOR: _of_operator,
}
