"""Notifying people: a notification in the portal at once; mail and webhooks through the outbox, after the commit."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone, translation

from portal.database.acting import as_system
from portal.database.bulk_insert import insert_rows
from portal.http.stored_texts import plain_lines
from portal.identity.duty import Roster
from portal.models import Absence, Hook, Mail, MailMe, Notification, Organisation, User, WebhookEndpoint
from portal.notifications.events import PLAIN, Event, payload_of
from portal.texts import in_written_order

MORNING = time(8)
ENDPOINTS = (
    "SELECT * FROM portal_webhookendpoint WHERE organisation_id = ANY(%s) AND state = %s ORDER BY id FOR KEY SHARE"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One message: into the inbox of each person and, as they wish, by mail; by mail to each address; and as `event` to
    those webhook endpoints of `platform` that want its type. The same `key` again does nothing.

    `link` is a path in the portal. Who stands in for people who are away is told too, unless it is `personal`: of their
    own account, or for the one role that may do it.
    """

    key: str
    subject: str
    body: str
    people: Collection[User] = ()
    link: str = ""
    mail_to: Collection[str] = ()
    platform: Organisation | None = None
    event: Event = PLAIN
    personal: bool = False

    @property
    def for_programs(self) -> "Draft":
        """What leaves of a message about test data: its event, to the sandbox's own endpoints, and no mail to anybody."""
        return replace(self, people=(), mail_to=())


def notify(
    *,
    people: Iterable[User],
    key: str,
    subject: str,
    body: str,
    link: str = "",
    mail_to: Iterable[str] = (),
    platform: Organisation | None = None,
    event: Event = PLAIN,
) -> None:
    """Send one message, as `Draft` says. Call it inside the transaction of what it reports."""
    notify_all([Draft(key, subject, body, list(people), link, list(mail_to), platform, event)])


def notify_personally(
    *, people: Iterable[User], key: str, subject: str, body: str, link: str = "", mail_to: Iterable[str] = ()
) -> None:
    """As `notify`, of what nobody stands in for: people's own accounts, and what only their role may do."""
    notify_all([Draft(key, subject, body, list(people), link, list(mail_to), personal=True)])


@as_system("messages go to people and programs of the other side")
def notify_all(drafts: Iterable[Draft]) -> None:
    """Many messages in a few statements; same rules as `notify`."""
    given = [each.for_programs if each.platform and each.platform.is_sandbox else each for each in drafts]
    drafts = [*_with_stand_ins(given)]
    endpoints = _endpoints_of({each.platform.pk for each in drafts if each.platform is not None})
    mailed = [person for each in drafts for person in each.people if person.mail_me != MailMe.NEVER]
    prefetch_related_objects(mailed, "organisation")  # of their zones
    notifications, mails, hooks = [], [], []
    for each in drafts:
        subject = in_written_order(" ".join(each.subject.split()))[:200]
        body = in_written_order(each.body)
        notifications += [
            Notification(
                person=person,
                organisation_id=person.organisation_id,
                key=each.key,
                subject=subject,
                body=body,
                link=each.link,
            )
            for person in each.people
        ]
        link = f"\n{settings.BASE_URL}{each.link}\n" if each.link else ""
        zones: dict[str, tzinfo] = {}
        due = {address: timezone.now() for address in each.mail_to if address}
        for person in each.people:
            if (moment := _by_mail(person)) is not None:
                due.setdefault(person.email, moment)
                zones[person.email] = person.zone
        mails += [
            Mail(
                key=mail_key(each.key, address),
                to=address,
                subject=subject,
                body=f"{_for_mail(body, zones.get(address, UTC))}\n{link}",
                next_attempt_at=moment,
            )
            for address, moment in due.items()
        ]
        if each.platform is not None:
            message = {
                "key": each.key,
                "subject": subject,
                "body": body,
                "link": f"{settings.BASE_URL}{each.link}" if each.link else "",
            }
            wanted = [row for row in endpoints[each.platform.pk] if row.wants(each.event.type)]
            hooks += [hook_for(row, each.event, message) for row in wanted]
    insert_rows(notifications, ignore_conflicts=True)
    insert_rows(mails, ignore_conflicts=True)
    insert_rows(hooks, ignore_conflicts=True)


def _for_mail(body: str, zone: tzinfo) -> str:
    """The body with its times in the zone of who reads it. Mail is English (decision 0016)."""
    with translation.override("en"), timezone.override(zone):
        return plain_lines(body)


def _with_stand_ins(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts, and a copy of each for those who stand in for somebody away; who is away keeps theirs."""
    roster = Roster.of({person.organisation_id for each in drafts if not each.personal for person in each.people})
    for each in drafts:
        yield each
        if each.personal:
            continue
        for person, others in roster.covering(each.people).items():
            body = f"{why_covered(person, roster.absence(person))}\n\n{each.body}"
            yield Draft(key=each.key, subject=each.subject, body=body, people=others, link=each.link)


def why_covered(person: User, absence: Absence | None) -> str:
    """Why somebody else gets what was meant for a person, as a sentence for a message."""
    if absence is None:
        return f"For {person.name}, who cannot sign in."
    until = absence.ends_at.astimezone(person.zone)
    return f"For {person.name}, who is away until {until:%d %b %Y %H:%M} ({until.tzinfo})."


def hook_for(endpoint: WebhookEndpoint, event: Event, message: Mapping[str, str]) -> Hook:
    """The unsaved delivery of an event to an endpoint. The id is of the event: the same at each endpoint and each time."""
    digest = hashlib.sha256(f"{endpoint.organisation_id}:{message['key']}".encode()).hexdigest()
    return Hook(
        organisation_id=endpoint.organisation_id,
        endpoint=endpoint,
        key=message["key"],
        message_id=f"msg_{digest[:32]}",
        event_type=event.type,
        payload=payload_of(event, at=timezone.now(), message=message, legacy=endpoint.legacy),
    )


def _endpoints_of(platforms: Collection[int]) -> Mapping[int, list[WebhookEndpoint]]:
    """The active endpoints of each platform, in one query; none where no platform is told.

    They cannot be deleted until the transaction ends: its commit would fail by what a platform does meanwhile.
    """
    found: dict[int, list[WebhookEndpoint]] = defaultdict(list)
    if platforms:
        for endpoint in WebhookEndpoint.objects.raw(ENDPOINTS, [sorted(platforms), WebhookEndpoint.State.ACTIVE]):
            found[endpoint.organisation_id].append(endpoint)
    return found


def still_at(organisation_id: int, people: Iterable[User | None]) -> list[User]:
    """Those of `people`, remembered by name in a row of an organisation, who belong to it still: others get no message."""
    return [person for person in people if person and person.is_active and person.organisation_id == organisation_id]


def mail_key(key: str, address: str) -> str:
    """The key of the mail that brings the message `key` to `address`."""
    return f"{key}:{address}"[:120]


@as_system("mail is nobody's to read")
def drop_mail_for(person: User, *, address: str, organisation_id: int) -> int:
    """Mail that waits, or failed, with what `person` was notified of at an organisation they left; returns how much there was.

    Mail to the same address for another reason (it is a contact's) stays.
    """
    waiting = Mail.objects.filter(to=address).exclude(status=Mail.Status.SENT)
    told = Notification.objects.filter(person=person, organisation_id=organisation_id)
    keys = {mail_key(key, address) for key in told.values_list("key", flat=True)} if waiting.exists() else set()
    mine = [mail.pk for mail in waiting.only("key") if mail.key in keys]
    return Mail.objects.filter(pk__in=mine).exclude(status=Mail.Status.SENT).delete()[0]


def _by_mail(person: User) -> datetime | None:
    """When a person wants to have a message by mail: now, on the next morning of their own zone, or not at all."""
    if person.mail_me == MailMe.AT_ONCE:
        return timezone.now()
    if person.mail_me == MailMe.DAILY:
        local = timezone.now().astimezone(person.zone)
        day = local.date() + timedelta(days=local.time() >= MORNING)
        return datetime.combine(day, MORNING, person.zone)
    return None
