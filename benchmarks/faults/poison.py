"""Injections of unreadable rows, written without the services, as a bug or a disk fault would leave them.

Nothing else in the drill uses these rows. They may be set aside, fail or cause an alarm, but must not block other rows,
which belong to the load.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from benchmarks.faults.injections import Site, injection
from benchmarks.faults.load import TERMS, insist
from enforcement.models import CheckPlan, Takedown
from listings.models import CatalogueImport, DryRun, Flag, Listing
from portal.identity.actors import Actor
from portal.identity.encryption import encrypt
from portal.models import AuditEvent, Export, Hook, Mail, Organisation, Thumbnail, WebhookEndpoint
from portal.notifications.signatures import new_secret
from recalls import services as recalls
from recalls.models import Notice, Recall, RecallImport, RecallVersion
from recalls.services import ProductContent, RecallContent

NONSENSE = {"policy": "Nonsense", "steps": "none", "amount": None}
LONG_AGO = timedelta(days=400)


def _published(site: Site) -> Recall:
    number, officer = f"P{site.next():05}", Actor.person(site.load.cast.officer)
    content = RecallContent(
        title=f"Poison {number} Recalled", description=f"Poison {number} kettles, model PK-{number}.",
        products=(ProductContent("Kettles", f"Poison{number}", (f"PK-{number}",), ()),),
    )  # fmt: skip
    recall = recalls.create_recall(regulator=site.load.cast.regulator, number=number, content=content, actor=officer)
    recalls.move_recall(recall=recall, to="in_review", actor=officer)
    return recalls.move_recall(recall=recall, to="published", actor=Actor.person(site.load.cast.second))


def _notice(site: Site) -> Notice:
    platform = Organisation.objects.get(pk=site.chance.choice(site.load.cast.platforms).pk)
    return recalls.send_notice(
        recall=_published(site), platform=platform, terms=dict(TERMS), actor=Actor.person(site.load.cast.officer)
    )


@injection(2)
def notice_with_unreadable_terms(site: Site) -> None:
    """A notice with a listing, so that matching would start a clock."""

    def write() -> None:
        with transaction.atomic():
            notice = _notice(site)
            Notice.objects.filter(pk=notice.pk).update(terms=NONSENSE)
            title = f"Poison{notice.recall.number} kettle PK-{notice.recall.number}"
            Listing.objects.create(
                platform=notice.platform, external_id=f"X-{notice.recall.number}", title=title, digest="0" * 64
            )

    insist(write)


@injection(2)
def notice_without_a_date(site: Site) -> None:
    """Sent long ago and never delivered: first in the order of deliveries."""

    def write() -> None:
        with transaction.atomic():
            Notice.objects.filter(pk=_notice(site).pk).update(sent_at=timezone.now() - LONG_AGO, terms=NONSENSE)

    insist(write)


@injection(3)
def takedown_with_unreadable_terms(site: Site) -> None:
    """Its step, its check and its feed are due before all others."""

    def write() -> None:
        with transaction.atomic():
            notice, listing_id = _notice(site), f"Y-{site.next()}"
            listing = Listing.objects.create(
                platform=notice.platform, external_id=listing_id, title="Poison", digest="0" * 64,
                match_due=False, link=site.chance.choice(("http://[x", "http://a]b/", "https://xn--n3h.example/")),
            )  # fmt: skip
            flag = Flag.objects.create(
                notice=notice, recall=notice.recall, regulator=notice.recall.regulator, platform=notice.platform,
                listing=listing, score=0.9, band="flag", listing_digest="0" * 64, opened_at=timezone.now(),
                product=notice.version.products.first(),
            )  # fmt: skip
            takedown = Takedown.objects.create(
                flag=flag, regulator=flag.regulator, platform=flag.platform, terms=NONSENSE, start_reason="Drill",
                deadline_reason="Drill", started_at=timezone.now() - LONG_AGO, due_at=timezone.now() - LONG_AGO,
                next_step=9, next_step_at=timezone.now() - LONG_AGO,
            )  # fmt: skip
            CheckPlan.objects.create(takedown=takedown, platform=flag.platform, next_at=timezone.now() - LONG_AGO)

    insist(write)


@injection(2)
def mail_that_cannot_leave(site: Site) -> None:
    """A line break in the address or subject of the oldest mail."""
    to = site.chance.choice(("a\nb@c.invalid", "ü@\ud7ff.invalid", "nobody", "a@b.invalid"))
    insist(
        lambda: Mail.objects.create(
            key=f"poison:{site.next()}", to=to, subject="a\r\nBcc: x@y.invalid", body="x",
            next_attempt_at=timezone.now() - LONG_AGO,
        )
    )  # fmt: skip


@injection(2)
def webhook_address_that_cannot_be_read(site: Site) -> None:
    def write() -> None:
        serial = site.next()
        address = site.chance.choice(("https://xn--n3h.example/", "http://[x", "http://a]b/", "https://\u2100/"))
        platform = Organisation.objects.create(kind="platform", name=f"Poison {serial}", slug=f"poison-{serial}")
        endpoint = WebhookEndpoint.objects.create(organisation=platform, url=address, secret=encrypt(new_secret()))
        Hook.objects.create(
            organisation=platform, endpoint=endpoint, key="poison", message_id=f"msg_poison{serial}", payload={},
            next_attempt_at=timezone.now() - LONG_AGO,
        )  # fmt: skip

    insist(write)


@injection(1)
def jobs_that_cannot_run(site: Site) -> None:
    """Imports without a file, an export of an unknown kind, a dry run of a version without products."""

    def write() -> None:
        with transaction.atomic():
            cast = site.load.cast
            CatalogueImport.objects.create(
                platform=cast.platforms[0], kind="full", file="gone.csv", filename="gone.csv"
            )
            RecallImport.objects.create(regulator=cast.regulator, file="gone.json", filename="gone.json")
            Export.objects.create(
                person=cast.admin, organisation=cast.regulator, kind="no such kind", title="Poison", unit="rows",
                filename="poison.csv",
            )  # fmt: skip
            recall = _published(site)
            version = RecallVersion.objects.get(recall=recall)
            version.products.all().delete()
            DryRun.objects.create(version=version, regulator=cast.regulator)

    insist(write)


@injection(1)
def embargo_that_cannot_end(site: Site) -> None:
    def write() -> None:
        with transaction.atomic():
            recall = _published(site)
            Recall.objects.filter(pk=recall.pk).update(
                status="embargoed", publish_at=timezone.now() - LONG_AGO, current=None
            )

    insist(write)


@injection(1)
def picture_without_an_address(site: Site) -> None:
    insist(
        lambda: Thumbnail.objects.create(
            digest=f"{site.next():064}", outcome="waiting", again_at=timezone.now() - LONG_AGO
        )
    )


@injection(2)
def event_from_another_time(site: Site) -> None:
    """An audit event with a wrong clock: 400 days behind or 30 days ahead."""
    off = site.chance.choice((-LONG_AGO, timedelta(days=30)))
    insist(
        lambda: AuditEvent.objects.create(
            at=timezone.now() + off, actor_kind="system", actor_label="drill", action="drill.poison",
            subject_type="portal.organisation", subject_id="0", subject_label="drill",
        )
    )  # fmt: skip


@injection(1)
def keys_too_long_for_the_index(site: Site) -> None:
    """A listing due for matching with text that is too long for the index."""
    text = "".join(chr(site.chance.randrange(0x4E00, 0x9FFF)) for _ in range(3_000))
    insist(
        lambda: Listing.objects.create(
            platform=site.chance.choice(site.load.cast.platforms), external_id=f"Z-{site.next()}", title=text[:1000],
            description=text, digest="0" * 64,
        )
    )  # fmt: skip
