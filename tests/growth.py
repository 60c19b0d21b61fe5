"""More rows of everything for a populated world, so that pages can be asked whether long lists cost them more."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import (
    Appeal,
    CalendarDay,
    CheckPlan,
    Escalation,
    Extension,
    Letter,
    LetterTemplate,
    PublicListing,
    Takedown,
)
from listings.models import (
    CatalogueImport,
    CatalogueReject,
    Decision,
    DryRun,
    Exclusion,
    HeldMatch,
    Listing,
    ListingChange,
    ScheduledFeed,
    SharedCode,
)
from portal import audit
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.media import thumbnails
from portal.models import Export, LegalHold, Mail, Organisation, SavedView, User
from portal.notifications.outbox import notify
from portal.saved_lists import LISTS
from recalls.models import Notice, RecallFeed, RecallImport, RecallReject, RecallVersion
from tests.factories import (
    TERMS,
    FlagFactory,
    HookFactory,
    ListingFactory,
    NoticeFactory,
    OrganisationFactory,
    PolicyFactory,
    RecallFactory,
    ThumbnailFactory,
    UserFactory,
    WebhookEndpointFactory,
)
from tests.world import PopulatedSite

FIRST_DAY = date(2031, 1, 6)


def grow(populated_site: PopulatedSite, first: int, last: int) -> None:
    """The rows numbered `first` to `last`: of every kind at the world's platform, and what hangs on its one takedown, flag,
    notice and recall. Each new recall is noticed and has a listing, flagged, late, escalated and decided."""
    for number in range(first, last + 1):
        _people_and_settings(populated_site, number)
        _around_the_one(populated_site, number)
        _another_case(populated_site, number)


def _people_and_settings(populated_site: PopulatedSite, number: int) -> None:
    platform, regulator = populated_site.notice.platform, populated_site.recall.regulator
    UserFactory(organisation=platform)
    colleague = UserFactory(organisation=regulator, role="regulator_staff")
    officer = User.objects.filter(organisation=regulator).order_by("pk")[0]
    LegalHold.objects.create(
        subject_type="portal.user",
        subject_id=colleague.pk,
        subject_label=f"Person {number}",
        reason="Court",
        placed_by=officer,
    )
    OrganisationFactory(name=f"Grown {number}", slug=f"grown-{number}", contact_problem="It bounced.")
    PolicyFactory(regulator=regulator)
    LetterTemplate.objects.create(regulator=regulator, language="en", version=number, subject="Late", body="Dear all")
    country = {"regulator": regulator, "country": "US", "kind": "closed", "name": f"Day {number}"}
    CalendarDay.objects.create(day=FIRST_DAY + timedelta(days=7 * number), **country)
    for person in User.objects.filter(organisation__in=[platform, regulator]):
        notify(people=[person], key=f"grown:{number}", subject=f"Told {number}", body="Look")
        Export.objects.create(
            person=person, organisation=person.organisation, kind="audit", title="Audit events", unit="rows"
        )
        for page in LISTS:
            SavedView.objects.create(
                person=person,
                organisation=person.organisation,
                page=page,
                name=f"View {number}",
                query="q=x",
                shared=True,
            )
    WebhookEndpointFactory(organisation=platform)
    populated_site.delivery.tries.create(status_code=500, answer="No")
    HookFactory(endpoint=populated_site.webhook)
    Mail.objects.create(key=f"failed:{number}", to="a@example.org", subject="Late", body="Late", status="failed")
    for organisation in (platform, regulator):
        manager = User.objects.filter(organisation=organisation, role__in=["admin", "platform_manager"]).first()
        if manager is not None:
            scope = "flags" if organisation.is_platform else "recalls:read"
            api_keys.create_key(
                organisation=organisation, name=f"Key {number}", scopes=[scope], days=5, actor=Actor.person(manager)
            )
    job = CatalogueImport.objects.create(
        platform=platform, kind="full", filename=f"{number}.csv", file=ContentFile(b"x", "x.csv"), status="done"
    )
    CatalogueReject.objects.create(job=populated_site.catalogue_import, line=number + 1, reason="No title")
    feed = ScheduledFeed.objects.create(
        platform=platform, kind="delta", name=f"Feed {number}", url=f"https://shop.example.org/{number}.csv"
    )
    CatalogueImport.objects.filter(pk=job.pk).update(feed=feed)
    CatalogueReject.objects.create(job=job, line=1, reason="No title")
    RecallImport.objects.create(
        regulator=regulator, filename=f"{number}.json", file=ContentFile(b"[]", "x.json"), status="done"
    )
    RecallFeed.objects.create(regulator=regulator, name=f"Feed {number}", url=f"https://feed.example.org/{number}")
    RecallReject.objects.create(job=populated_site.recall_import, record=number, reason="No number")
    assert populated_site.recall.current is not None
    run = DryRun.objects.create(version=populated_site.recall.current, regulator=regulator, status="done", progress=100)
    run.results.create(platform=platform, done_at=timezone.now())


def _around_the_one(populated_site: PopulatedSite, number: int) -> None:
    """A further row below the one flag, takedown, notice, recall and listing."""
    system = Actor.system("test")
    seen = enforcement.Seen(populated_site.takedown, "page", "unknown", "test", f"look {number}")
    enforcement.record_observation(seen=seen, actor=system)
    Escalation.objects.create(
        takedown=populated_site.takedown,
        platform=populated_site.takedown.platform,
        step=10 + number,
        kind="contact",
        due_at=timezone.now(),
    )
    audit.record(
        actor=system, action="escalation.commented", subject=populated_site.escalation, reason=f"comment {number}"
    )
    said = {"amount": 1, "reason": "Stock count", "asked_by": "Nia", "status": "refused"}
    Extension.objects.create(takedown=populated_site.takedown, **said)
    Appeal.objects.create(
        takedown=populated_site.takedown, side="seller", text="Not ours", made_by="Nia", status="rejected"
    )
    Decision.objects.create(
        flag=populated_site.flag, kind="seller_asked", score=0.9, actor_kind="person", actor_label="Nia"
    )
    ListingChange.objects.create(listing=populated_site.listing, before={"title": f"before {number}"})
    FlagFactory(
        notice__recall=populated_site.recall, notice__platform=_platform(number), listing=populated_site.listing
    )
    like = ListingFactory(platform=populated_site.notice.platform, seller=populated_site.listing.seller)
    enforcement.start_clock(flag=FlagFactory(notice=populated_site.notice, listing=like, opened_at=timezone.now()))
    _hold_back(populated_site.notice, number)
    RecallVersion.objects.create(
        recall=populated_site.recall,
        version=10 + number,
        title=populated_site.recall.title,
        published_at=timezone.now(),
    )
    populated_site.recall.current.pictures.create(url=f"https://psa.example.gov/{number}.jpg")
    populated_site.recall.current.products.create(
        name=f"Heater {number}", brand="Hearthline", model_numbers=[f"HL-{number}"]
    )


def _hold_back(notice: Notice, number: int) -> None:
    HeldMatch.objects.create(
        notice=notice,
        version=notice.version,
        regulator=notice.recall.regulator,
        listing=ListingFactory(platform=notice.platform),
        seller=f"seller{number}",
        signals=["same_brand", f"signal_{number}"],
        score=0.5,
        band="flag",
    )


def _platform(number: int) -> Organisation:
    return Organisation.objects.get(slug=f"grown-{number}")


def _another_case(populated_site: PopulatedSite, number: int) -> None:
    platform, regulator = populated_site.notice.platform, populated_site.recall.regulator
    recall = RecallFactory(regulator=regulator, number=f"27{number:03}", title=f"Heater {number} recalled")
    terms = TERMS | {"unit": "working_days", "amount": 2}
    notice = NoticeFactory(recall=recall, platform=platform, matched_at=timezone.now(), terms=terms)
    address = f"https://shop.example.org/{number}.jpg"
    ThumbnailFactory(digest=thumbnails.digest_of(address))
    listing: Listing = ListingFactory(platform=platform, title=f"Heater {number}", image_link=address)
    _hold_back(notice, number)
    SharedCode.objects.create(platform=platform, gtin=f"{number:014}", listings=2, regulators=[regulator.pk])
    flag = FlagFactory(notice=notice, listing=listing, opened_at=timezone.now(), relisted_from=populated_site.flag)
    takedown = enforcement.start_clock(flag=flag)
    CheckPlan.objects.filter(pk=takedown.pk).update(error="It broke.", attempts=100, next_at=None)
    Takedown.objects.filter(pk=takedown.pk).update(
        status="missed", missed_at=timezone.now()
    )  # as its steps and letters say
    steps = [
        Escalation.objects.create(takedown=takedown, platform=platform, step=step, kind=kind, due_at=timezone.now())
        for step, kind in enumerate(("reminder", "missed", "letter", "naming"), 1)
    ]
    for status, escalation in (("draft", steps[2]), ("sent", steps[1])):
        Letter.objects.create(
            escalation=escalation, platform=platform, language="en", subject="Late", body="Late", status=status
        )
    published = {"status": "published", "published_at": timezone.now()}
    PublicListing.objects.create(escalation=steps[3], platform=platform, **published)
    PublicListing.objects.create(escalation=steps[0], platform=platform)
    Appeal.objects.create(takedown=takedown, side="platform", text="Ours is safe", made_by="Nia")
    Extension.objects.create(takedown=takedown, amount=1, reason="Stock count", asked_by="Nia")
    claim = {"kind": "not_the_product", "reason": "other_model", "score": 0.9, "actor_kind": "person"}
    Decision.objects.create(flag=flag, actor_label="Nia", **claim)
    Exclusion.objects.create(
        platform=platform,
        regulator=regulator,
        recall=recall,
        scope="listing",
        listing=listing,
        identity="none",
        flag=flag,
    )
