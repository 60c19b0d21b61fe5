"""A small populated world for tests of access and pages: everything that can be opened exists once, at platform_a.

The canary stands in every text of platform_a's rows that another platform could be shown by mistake.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from enforcement import services as enforcement
from enforcement.models import (
    Appeal,
    CalendarDay,
    Escalation,
    Extension,
    Letter,
    Observation,
    Policy,
    PublicListing,
    Takedown,
)
from listings import services as listings
from listings.models import (
    Attachment,
    CatalogueImport,
    CatalogueReject,
    CatalogueUpload,
    DryRun,
    Exclusion,
    Flag,
    Listing,
    ListingChange,
    ScheduledFeed,
    SellerLink,
)
from portal import audit
from portal import services as portal
from portal.identity import api_keys
from portal.identity.access import REGULATOR_SCOPES
from portal.identity.actors import Actor
from portal.media import thumbnails
from portal.models import AuditEvent, Export, Hook, LegalHold, Organisation, User, WebhookEndpoint
from portal.notifications.outbox import notify
from recalls import services as recalls
from recalls.models import Notice, Picture, Recall, RecallFeed, RecallFile, RecallImport, Sending
from tests.factories import (
    FlagFactory,
    ListingFactory,
    NoticeFactory,
    PolicyFactory,
    RecallFactory,
    ThumbnailFactory,
    WebhookEndpointFactory,
)

CANARY = "Kanarienvogel-7731"
_BY_FLAG = (
    "takedown", "takedown_export", "checks", "check_now", "clock_pause", "clock_resume", "extension_ask", "extension_answer",
    "appeal_make", "pack_make", "seller_answers", "sandbox_time", "sandbox_miss", "sandbox_extension",
)  # fmt: skip


@dataclass(frozen=True)
class PopulatedSite:
    recall: Recall
    unsent: Recall
    draft: Recall
    notice: Notice
    sending: Sending
    listing: Listing
    picture: Picture
    flag: Flag
    takedown: Takedown
    observation: Observation
    escalation: Escalation
    letter: Letter
    public_listing: PublicListing
    exclusion: Exclusion
    policy: Policy
    calendar_day: CalendarDay
    extension: Extension
    appeal: Appeal
    dry_run: DryRun
    recall_import: RecallImport
    feed: RecallFeed
    scheduled_feed: ScheduledFeed
    catalogue_import: CatalogueImport
    upload: CatalogueUpload
    event: AuditEvent
    hold: LegalHold
    attachment: Attachment
    recall_file: RecallFile
    export: Export
    person: User
    webhook: WebhookEndpoint
    delivery: Hook
    seller_link: SellerLink
    key: Any
    secret: str
    regulator_secret: str

    def kwargs(self, view_name: str) -> dict[str, Any]:
        """What an address of this name needs to point at platform_a's object of its kind."""
        app, _, name = view_name.rpartition(":")
        if view_name == "recalls:move":
            return {"pk": self.draft.pk, "to": "in_review"}
        by_name: dict[str, dict[str, Any]] = {
            "api:listing": {"external_id": self.listing.external_id},
            "api:attachment": {"pk": self.attachment.pk},
            "listings:attachment": {"pk": self.attachment.pk},
            **{f"api:{name}": {"flag_id": self.flag.pk} for name in _BY_FLAG},
            "api:check_capture": {"pk": self.observation.pk},
            "enforcement:notice_board": {"pk": self.notice.pk},
            "enforcement:product": {"pk": self.flag.product_id},
            "enforcement:platform": {"pk": self.notice.platform_id},
            "portal:legal_hold": {"pk": self.hold.pk},
            "portal:list_export": {"kind": "catalogue"},
            "portal:guide_page": {"slug": "decide"},
            "api:seller_links": {"pk": self.flag.pk},
            "enforcement:sandbox_answer": {"kind": "flag", "pk": self.flag.pk},
            "enforcement:seller_link": {"token": f"1-{'0' * 64}"},
            "portal:account_link": {"token": f"1-{'0' * 64}"},
            "portal:organisation_sign_on": {"pk": self.recall.regulator_id},
            "portal:organisation_provisioning": {"pk": self.recall.regulator_id},
            "portal:scim_type": {"name": "User"},
            "portal:scim_schema": {"name": "urn:ietf:params:scim:schemas:core:2.0:User"},
            "portal:scim_user": {"name": str(self.person.pk)},
            "portal:organisation_edit": {"pk": self.recall.regulator_id},
            "portal:organisation_suspension": {"pk": self.recall.regulator_id},
            "listings:listing": {"pk": self.listing.pk},
            "listings:picture": {"pk": self.listing.pk},
            "listings:seller": {"pk": self.listing.pk},
            "recalls:picture": {"pk": self.picture.pk},
            **{f"recalls:{name}": {"pk": self.recall_file.pk} for name in ("file", "file_audience", "file_remove")},
            "recalls:import_template": {"form": "csv"},
            "listings:reading": {"pk": self.recall.pk},
            "listings:dry_runs": {"pk": self.recall.pk},
            "listings:rule": {"signal": "same_brand"},
            "listings:rule_switch": {"signal": "same_brand"},
            "enforcement:history": {"kind": "listings.flag", "pk": str(self.flag.pk)},
        }
        if view_name in by_name:
            return by_name[view_name]
        for start, row in (
            ("webhook_delivery", self.delivery), ("webhook_replay", self.delivery), ("webhook", self.webhook),
            ("upload", self.upload), ("import", self.recall_import if app == "recalls" else self.catalogue_import),
            ("notice", self.notice), ("send_", self.sending), ("sending", self.sending),
            ("flag", self.flag), ("message", self.flag), ("takedown", self.takedown), ("record_check", self.takedown),
            ("escalation", self.escalation), ("policy_edit", self.policy), ("audit_event", self.event),
            ("dry_runs", self.recall), ("dry_run", self.dry_run), ("exclusion", self.exclusion), ("innocent_", self.exclusion),
            ("letter", self.letter), ("public_listing", self.public_listing), ("clock_", self.takedown),
            ("recall_import", self.recall_import), ("recall_feed", self.feed), ("recall_file", self.recall if name == "recall_files" else self.recall_file),
            ("feed", self.feed), ("scheduled_feed", self.scheduled_feed), ("seller_", self.seller_link), ("held", self.notice),
            ("extension_", self.extension), ("appeal_make", self.takedown), ("appeal", self.appeal),
            ("calendar_day", self.calendar_day), ("person_", self.person), ("key_revoke", self.key), ("export", self.export),
        ):  # fmt: skip
            if name.startswith(start):
                return {"pk": row.pk}
        return {"pk": self.recall.pk}


def build_populated_site(
    *,
    regulator: Organisation,
    platform: Organisation,
    officer: User,
    moderator: User,
    manager: User,
    canary: str = CANARY,
) -> PopulatedSite:
    """Everything at `platform`, each text with the canary; one recall not sent to it and one still in draft."""
    recall = RecallFactory(regulator=regulator, number="26001", title=f"Heater {canary} Recalled")
    recall.current.title = recall.title
    recall.current.save()
    left_out = [{"recall": "26002", "platform": platform.name, "why": f"{canary} is on the list already."}]
    sending = Sending.objects.create(regulator=regulator, policy="Within hours", left_out=left_out)
    notice = NoticeFactory(
        recall=recall, platform=platform, message=canary, sending=sending, matched_at=timezone.now(), listings_read=1
    )
    listing = ListingFactory(
        platform=platform,
        external_id=f"L-{canary}",
        title=f"Heater {canary}",
        seller=f"seller {canary}",
        image_link=f"https://shop.example.org/{canary}.jpg",
    )
    picture = recall.current.pictures.create(url=f"https://psa.example.gov/{canary}.jpg", caption=f"Front {canary}")
    for address in (listing.image_link, picture.url):
        ThumbnailFactory(digest=thumbnails.digest_of(address))
    ListingChange.objects.create(listing=listing, before={"title": f"before {canary}"})
    flag = FlagFactory(
        notice=notice, listing=listing, opened_at=timezone.now(), listing_as_flagged={"title": listing.title}
    )
    takedown = enforcement.start_clock(flag=flag)
    system = Actor.system("test")
    observation = enforcement.record_observation(
        seen=enforcement.Seen(takedown, "page", "unknown", "test", canary), actor=system
    )
    escalation = Escalation.objects.create(
        takedown=takedown, platform=platform, step=1, kind="reminder", due_at=timezone.now()
    )
    last = [
        Escalation.objects.create(takedown=takedown, platform=platform, step=step, kind=kind, due_at=timezone.now())
        for step, kind in ((4, "letter"), (5, "naming"))
    ]
    letter = Letter.objects.create(
        escalation=last[0], platform=platform, language="en", subject=f"Letter {canary}", body=canary
    )
    public_listing = PublicListing.objects.create(escalation=last[1], platform=platform, first_by=canary)
    exclusion = Exclusion.objects.create(
        platform=platform,
        regulator=regulator,
        recall=recall,
        scope="listing",
        listing=listing,
        identity="none",
        flag=flag,
        reason=canary,
    )
    hold = LegalHold.objects.create(
        subject_type="recalls.recall", subject_id=recall.pk, subject_label="Recall", reason=canary, placed_by=officer
    )
    extension = Extension.objects.create(takedown=takedown, amount=1, reason=canary, asked_by=canary)
    appeal = Appeal.objects.create(takedown=takedown, side="seller", text=canary, made_by=canary)
    calendar_day = CalendarDay.objects.create(
        regulator=regulator, country="US", day=timezone.localdate() + timedelta(days=9), kind="closed", name="Own day"
    )
    assert recall.current is not None
    dry_run = DryRun.objects.create(version=recall.current, regulator=regulator, status="done", progress=100)
    sample = {"listing": listing.external_id, "title": listing.title, "seller": listing.seller, "link": listing.link,
              "score": 0.9, "band": "flag", "evidence": [{"weight": 2.5, "says": f"Same brand: {canary}"}]}  # fmt: skip
    dry_run.results.create(platform=platform, done_at=timezone.now(), to_flag=1, compared=1, samples=[sample])
    catalogue_import = CatalogueImport.objects.create(
        platform=platform,
        kind="full",
        filename=f"{canary}.csv",
        file=ContentFile(b"x", "x.csv"),
        status="done",
        finished_at=timezone.now(),
        report={"columns": ["id", canary], "sample": [{"line": 2, "row": {"id": "1", canary: canary}}]},
    )
    CatalogueReject.objects.create(job=catalogue_import, line=1, reason=canary)
    upload = CatalogueUpload.objects.create(
        platform=platform,
        created_by=manager,
        filename=f"{canary}-large.csv",
        size=17,
        expires_at=timezone.now() + timedelta(days=7),
    )
    recall_import = RecallImport.objects.create(
        regulator=regulator, filename=f"{canary}.json", file=ContentFile(b"[]", "x.json"), status="done"
    )
    scheduled_feed = ScheduledFeed.objects.create(
        platform=platform,
        name=f"Nightly {canary}",
        url=f"https://shop.example.org/{canary}.csv",
        kind="full",
        result="failed",
        detail=canary,
    )
    feed = RecallFeed.objects.create(
        regulator=regulator,
        name=f"Feed {canary}",
        url=f"https://feed.example.org/{canary}",
        result="failed",
        detail=canary,
    )
    key, secret = api_keys.create_key(
        organisation=platform,
        name=f"Key {canary}",
        scopes=["notices", "catalogue", "catalogue:confirm", "flags", "observations", "exports"],
        days=5,
        actor=Actor.person(manager),
    )
    _, regulator_secret = api_keys.create_key(
        organisation=regulator, name="Desk", scopes=list(REGULATOR_SCOPES), days=5, actor=Actor.person(officer)
    )
    event = audit.record(actor=Actor.person(officer), action="flag.opened", subject=flag, reason=canary)
    listings.post_message(flag=flag, audience="own", text=f"Note {canary}", actor=Actor.person(moderator))
    message = listings.post_message(
        flag=flag,
        audience="both",
        text=f"Look at {canary}",
        attachments=[ContentFile(canary.encode(), "seen.txt")],
        actor=Actor.person(moderator),
    )
    recall_file = recalls.add_file(
        recall=recall, file=ContentFile(canary.encode(), "report.txt"), kind="test_report", title=f"Report {canary}",
        for_platforms=True, actor=Actor.person(officer),
    )  # fmt: skip
    link = listings.give_seller_link(flag=flag, address=f"{canary}@shop.example", actor=Actor.person(moderator)).link
    export = portal.start_export(
        kind="takedown_pack",
        arguments={"takedown": takedown.pk},
        stem=f"takedown-{canary}",
        detail=canary,
        actor=Actor.person(moderator),
    )
    portal.run_export(export)
    webhook = WebhookEndpointFactory(organisation=platform, url=f"https://hooks.example.org/{canary}")
    notify(people=[moderator], key="canary", subject=canary, body=canary, platform=platform)
    delivery = webhook.hooks.get()
    delivery.tries.create(request_headers={"webhook-id": delivery.message_id}, status_code=503, answer=canary)
    return PopulatedSite(
        recall=recall,
        unsent=RecallFactory(regulator=regulator, number="26002", title="Unsent recall"),
        draft=RecallFactory(regulator=regulator, number="26003", title="Secret draft", status="draft", published_at=None),
        notice=notice, sending=sending,
        listing=listing, picture=picture, flag=flag, takedown=takedown, observation=observation, escalation=escalation, letter=letter, public_listing=public_listing,
        exclusion=exclusion, policy=PolicyFactory(regulator=regulator), calendar_day=calendar_day, extension=extension, appeal=appeal,
        dry_run=dry_run, recall_import=recall_import, feed=feed, scheduled_feed=scheduled_feed, catalogue_import=catalogue_import, upload=upload, hold=hold, event=event,
        attachment=message.attachments.get(), recall_file=recall_file,
        export=export, person=moderator, webhook=webhook, delivery=delivery, seller_link=link, key=key, secret=secret,
        regulator_secret=regulator_secret,
    )  # fmt: skip
