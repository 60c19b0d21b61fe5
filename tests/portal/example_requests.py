"""The requests of the documentation's examples: for each call where to, with which body, as whom, and what comes before."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from enforcement.letters.services import seen_of
from enforcement.models import Appeal, Extension, Observation, Takedown
from enforcement.services import start_clock
from listings.models import CatalogueImport, CatalogueUpload, Decision, DryRun, Flag, HeldMatch, Listing
from portal.identity.account_links import SELLER, token_for
from portal.identity.actors import Actor
from portal.models import Export, LegalHold, User
from portal.services import run_export
from recalls import services as recalls
from recalls.models import IncidentMember, Notice, Recall, RecallImport, RecallVersion, RiskAssessment, SharedIncident
from tests.factories import FlagFactory, ListingFactory, RecallFactory
from tests.world import PopulatedSite

Ask = Callable[[str, str, object], Any]
"""Makes a call, with the key that opens it, and returns what was answered."""


@dataclass(frozen=True)
class Asked:
    """`path` where it is not the populated site's object; `by` officer or admin where a platform may call it, too, and
    sandbox where only a sandbox may;
    `headers` and `text` as examples have them; with `matches`, If-Match names the object as it is then."""

    body: Any = None
    path: str = ""
    by: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    matches: bool = False
    before: Callable[[PopulatedSite, Ask], str | None] = field(default=lambda _site, _ask: None)


def _calls(*calls: tuple[str, object]) -> Callable[[PopulatedSite, Ask], None]:
    """What is done before by other calls."""

    def before(site: PopulatedSite, ask: Ask) -> None:
        for path, body in calls:
            ask("POST", path.format(flag=site.flag.pk), body)

    return before


def _in_review(site: PopulatedSite, _ask: Ask) -> None:
    Recall.objects.filter(pk=site.draft.pk).update(status="in_review")


def _revised(site: PopulatedSite, _ask: Ask) -> None:
    other = _tomas()
    version = recalls.revise_recall(recall=site.recall, actor=other)
    content = recalls.RecallContent(title="Heater HL-200R and HL-210R", products=(recalls.ProductContent("Heater"),))
    recalls.edit_version(version=version, content=content, actor=other)


def _free(_site: PopulatedSite, _ask: Ask) -> None:
    """What is under a legal hold cannot be deleted."""
    LegalHold.objects.update(released_at=timezone.now())


def _revised_and_free(site: PopulatedSite, ask: Ask) -> None:
    _revised(site, ask)
    _free(site, ask)


def _levelled(site: PopulatedSite, _ask: Ask) -> None:
    RecallVersion.objects.filter(recall=site.draft).update(risk_level="serious")


def _assessed(site: PopulatedSite, ask: Ask) -> None:
    """By a colleague of whoever signs it."""
    _levelled(site, ask)
    row = recalls.assess_risk(version=site.draft.versions.get(), text="It measured 140 °C.", actor=_tomas())
    RiskAssessment.objects.filter(pk=row.pk).update(assessed_at=f"{timezone.now():%Y}-01-05T09:00:00Z")


RECALLS = (
    "number,title,product,brand,hazard\n"
    "27-101,Kettles recalled: burns,Kettle K-2,Boilwell,It can leak.\n"
    "26001,Heaters recalled: fire,Tower heater,Hearthline,It can overheat.\n"
    ",A row without a number,Lamp,,\n"
)
Before = Callable[[PopulatedSite, Ask], str]


def _import(site: PopulatedSite, content: str = RECALLS) -> RecallImport:
    """An import that was read, sent by a colleague of whoever makes the example's call."""
    job = recalls.start_recall_import(
        regulator=site.recall.regulator,
        file=ContentFile(content.encode(), "recalls.csv"),
        filename="recalls.csv",
        actor=_tomas(),
    )
    return recalls.run_recall_import(job)


def _tomas() -> Actor:
    return Actor.person(User.objects.get(email="tomas@psa.example.gov"))


def _previewed(call: str = "") -> Before:
    return lambda site, _ask: f"recall-imports/{_import(site).pk}{call}"


def _stored(call: str, *, publish: bool) -> Before:
    def before(site: PopulatedSite, _ask: Ask) -> str:
        job = recalls.confirm_recall_import(job=_import(site), publish=publish, actor=_tomas())
        return f"recall-imports/{recalls.run_recall_import(job).pk}{call}"

    return before


def _columns_asked(site: PopulatedSite, _ask: Ask) -> str:
    job = _import(site, "Reference,Item\n27-101,Kettle K-2\n")
    return f"recall-imports/{job.pk}/columns"


def _late(site: PopulatedSite, _ask: Ask) -> None:
    """No letter leaves, and no platform is listed publicly, before the deadline has passed."""
    late = timezone.now() - timedelta(hours=1)
    Takedown.objects.filter(pk=site.letter.escalation.takedown_id).update(due_at=late)


def _sandbox_notice(call: str) -> Before:
    return lambda site, _ask: f"sandbox/notices/{_in_sandbox(site).pk}/{call}"


def _sandbox_clock(call: str) -> Before:
    return lambda site, _ask: f"sandbox/takedowns/{_clock_in_sandbox(site).flag_id}/{call}"


def _clock_in_sandbox(site: PopulatedSite) -> Takedown:
    notice = _in_sandbox(site)
    listing = ListingFactory(platform=notice.platform, external_id="A-1", title="Hearthline HL-200R tower heater")
    return start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=timezone.now()))


def _sandbox_flag_referred(site: PopulatedSite, _ask: Ask) -> str:
    flag = _clock_in_sandbox(site).flag
    Flag.objects.filter(pk=flag.pk).update(status="referred")
    return f"sandbox/flags/{flag.pk}/answer"


def _sandbox_extension(site: PopulatedSite, _ask: Ask) -> str:
    takedown = _clock_in_sandbox(site)
    Extension.objects.create(takedown=takedown, amount=10, reason="Our shop is down.", asked_by="Bazaarly")
    return f"sandbox/takedowns/{takedown.flag_id}/extension"


def _sandbox_appeal(site: PopulatedSite, _ask: Ask) -> str:
    appeal = Appeal.objects.create(
        takedown=_clock_in_sandbox(site), side="platform", text="It is the HL-300.", made_by="Bazaarly"
    )
    return f"sandbox/appeals/{appeal.pk}/answer"


def _in_sandbox(site: PopulatedSite) -> Notice:
    return Notice.objects.get(platform__sandbox_of=site.notice.platform_id, recall__number="SANDBOX-1")


def _held(site: PopulatedSite, _ask: Ask) -> None:
    report = {
        "held": ["The feed has 20 listings, 50% of the 40 in the last full feeds. At least 80% is expected."],
        "held_at": timezone.now().isoformat(),
    }
    CatalogueImport.objects.filter(pk=site.catalogue_import.pk).update(status="waiting", report=report)


def _import_queued(site: PopulatedSite, _ask: Ask) -> None:
    CatalogueImport.objects.filter(pk=site.catalogue_import.pk).update(status="queued")


def _export(site: PopulatedSite, ask: Ask) -> str:
    return f"exports/{ask('POST', f'takedowns/{site.flag.pk}/export', None)['id']}"


def _export_made(site: PopulatedSite, ask: Ask) -> str:
    path = _export(site, ask)
    run_export(Export.objects.get(pk=path.rpartition("/")[2]))
    return path


def _page_captured(site: PopulatedSite, _ask: Ask) -> None:
    body = zlib.compress(b"<html><title>Heater</title></html>")
    Observation.objects.filter(pk=site.observation.pk).update(body=body)


def _linked(site: PopulatedSite, _ask: Ask) -> None:
    Listing.objects.filter(pk=site.listing.pk).update(link="https://shop.example.org/heater")


def _no_extension(_site: PopulatedSite, _ask: Ask) -> None:
    Extension.objects.update(status="refused")


def _no_appeal(_site: PopulatedSite, _ask: Ask) -> None:
    Appeal.objects.update(status="rejected")


def _removed(site: PopulatedSite, _ask: Ask) -> None:
    Decision.objects.create(flag=site.flag, kind="removed", score=0.9)


def _also_recalled(site: PopulatedSite, _ask: Ask) -> None:
    """By the regulator of another country, as people have confirmed."""
    theirs = RecallFactory(
        regulator__kind="regulator",
        regulator__name="Fjordland Product Safety",
        regulator__country="NO",
        number="FJ-104",
    )
    incident = SharedIncident.objects.create()
    for recall in (site.recall, theirs):
        IncidentMember.objects.create(incident=incident, recall=recall)


def _held_back(site: PopulatedSite, _ask: Ask) -> None:
    listing = ListingFactory(platform=site.notice.platform, external_id="A-7", title="Hearthline tower heater filter")
    HeldMatch.objects.create(
        notice=site.notice, regulator=site.recall.regulator, listing=listing, version=site.notice.version, listing_digest=listing.digest, score=0.85,
        band="flag", signals=["same_brand"], seller="",
    )  # fmt: skip


def _dry_run_queued(_site: PopulatedSite, _ask: Ask) -> None:
    DryRun.objects.update(status="queued")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _uploaded(site: PopulatedSite, _ask: Ask) -> None:
    CatalogueUpload.objects.filter(pk=site.upload.pk).update(received=site.upload.size)


TUS = {"Tus-Resumable": "1.0.0"}
PRODUCT = {"name": "Tower heater", "brand": "Hearthline", "model_numbers": ["HL-200R"], "gtins": ["036000291452"]}
CONTENT = {"title": "Tower heaters recalled: fire", "hazard": "They can overheat.", "products": [PRODUCT]}
DISMISSAL = {"kind": "not_the_product", "reason": "other_model", "note": "This is the HL-300.", "seen": "open:0"}
MODERATOR, OFFICER = "nia@bazaarly.example", "ada@psa.example.gov"


def requests(site: PopulatedSite) -> dict[str, Asked]:
    """By method and path as the schema has them. What is not here is asked as the address says, without a body."""
    today, root = timezone.now().date().isoformat(), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    sending = {"recalls": [site.unsent.pk], "platforms": ["bazaarly"], "policy": site.policy.pk, "message": "Urgent."}
    commitment = {"method": "offshelf-rows-1", "root": root, "rows": 70_412, "made_at": f"{today}T08:00:00Z"}
    hit = {"id": "A-1", "title": "Hearthline HL-200R tower heater", "brand": "Hearthline", "price": "49.90 USD"}
    excluded = {
        "platform": "bazaarly",
        "recall": site.recall.pk,
        "scope": "gtin",
        "gtin": "4006381333931",
        "reason": "A pen",
    }
    draft, reason, note = f"recalls/{site.draft.pk}", {"reason": "Sent by mistake."}, {"note": "Called the platform."}
    token = token_for(site.seller_link.pk, site.seller_link.nonce, kind=SELLER)
    return {
        "GET recalls": Asked(by="officer"),
        "POST recalls": Asked({"number": "27-001", **CONTENT}, by="officer"),
        "GET recalls/{id}": Asked(by="officer"),
        "PUT recalls/{id}": Asked(CONTENT, draft, by="officer"),
        "GET recalls/{id}/versions": Asked(by="officer"),
        "POST recalls/{id}/versions": Asked(by="officer"),
        "POST recalls/{id}/versions/publish": Asked({"change_note": "A second model."}, matches=True, before=_revised),
        "POST recalls/{id}/versions/discard": Asked({"reason": "The first version was right."}, by="officer", before=_revised_and_free),
        "GET recalls/{id}/assessment": Asked(path=f"{draft}/assessment", by="officer", before=_assessed),
        "PUT recalls/{id}/assessment": Asked({"text": "It measured 140 °C."}, f"{draft}/assessment", by="officer", before=_levelled),
        "POST recalls/{id}/assessment/sign": Asked(
            {"assessed_at": f"{timezone.now():%Y}-01-05T09:00:00Z"}, f"{draft}/assessment/sign", before=_assessed
        ),
        "POST recalls/{id}/owner": Asked({"owner": "tomas@psa.example.gov", "note": "You know the firm."}, f"{draft}/owner"),
        "GET recalls/{id}/incident": Asked(by="officer", before=_also_recalled),
        "GET recalls/{id}/files": Asked(by="officer"),
        "POST recalls/{id}/files": Asked(
            {"kind": "notice", "title": "The notice", "name": "notice.txt", "content": "UmVjYWxsIDI2LTAwMQ=="},
            f"{draft}/files", by="officer",
        ),
        "POST recall-files/{id}/remove": Asked(before=_free),
        "POST recall-files/{id}/audience": Asked({"for_platforms": False}),
        "POST recalls/{id}/submit": Asked(path=f"{draft}/submit"),
        "POST recalls/{id}/return": Asked(reason, f"{draft}/return", before=_in_review),
        "POST recalls/{id}/approve": Asked(path=f"{draft}/approve", matches=True, before=_in_review),
        "POST recalls/{id}/embargo": Asked(
            {"publish_at": f"{timezone.now():%Y}-12-31T23:00:00Z"}, f"{draft}/embargo", matches=True, before=_in_review
        ),
        "POST recalls/{id}/withdraw": Asked(reason, f"{draft}/withdraw"),
        "POST recall-imports": Asked(
            path="recall-imports?filename=recalls.csv", headers={"Content-Type": "application/octet-stream"}, text=RECALLS
        ),
        "GET recall-imports/{id}": Asked(before=_previewed()),
        "GET recall-imports/{id}/changes": Asked(before=_previewed("/changes")),
        "GET recall-imports/{id}/rejects": Asked(before=_previewed("/rejects")),
        "POST recall-imports/{id}/rejects/export": Asked(before=_previewed("/rejects/export")),
        "POST recall-imports/{id}/columns": Asked({"mapping": {"number": "Reference", "product": "Item"}}, before=_columns_asked),
        "POST recall-imports/{id}/confirm": Asked({"publish": True}, before=_previewed("/confirm")),
        "POST recall-imports/{id}/submit": Asked(before=_stored("/submit", publish=False)),
        "POST recall-imports/{id}/approve": Asked(before=_stored("/approve", publish=True)),
        "POST recall-imports/{id}/return": Asked({"reason": "The dates are wrong."}, before=_stored("/return", publish=True)),
        "POST recall-imports/{id}/cancel": Asked(before=_previewed("/cancel")),
        "POST recall-feeds": Asked({"name": "CPSC", "url": "https://feed.example.gov/recalls.json", "interval_minutes": 1_440}),
        "PATCH recall-feeds/{id}": Asked({"enabled": False}),
        "POST dry-runs/{id}/cancel": Asked(before=_dry_run_queued),
        "GET platforms": Asked(by="officer"),
        "POST sendings": Asked(sending),
        "POST sendings/preview": Asked(sending),
        "POST sendings/{id}/stop": Asked(reason),
        "POST notices/{id}/withdraw": Asked(reason),
        "GET notices/{id}/held": Asked(before=_held_back),
        "POST notices/{id}/held/release": Asked({"from_score": 0.8, "reason": "The word is in the name."}, before=_held_back),
        "POST notices/{id}/held/dismiss": Asked({"reason": "They are filters for it."}, before=_held_back),
        "POST listings/bulk": Asked({"listings": [hit, {"id": "A-2", "present": False}]}),
        "POST uploads": Asked(
            headers={**TUS, "Upload-Length": "4200000", "Upload-Metadata": "filename Y2F0YWxvZ3VlLmNzdg=="}
        ),
        "PATCH uploads/{id}": Asked(
            headers={**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}, text="id,title\n"
        ),
        "DELETE uploads/{id}": Asked(headers=TUS),
        "POST uploads/{id}/import": Asked({"kind": "full", "sha256": _digest("id,title\n1,Lamp\n")}, before=_uploaded),
        "GET imports/{id}": Asked(before=_held),
        "POST imports/{id}/columns": Asked({"mapping": {"external_id": "id", "title": "Hearthline"}}),
        "POST imports/{id}/confirm": Asked({"reason": "Half was sold."}, before=_held),
        "POST imports/{id}/refuse": Asked({"reason": "Half of the file is missing."}, before=_held),
        "POST imports/{id}/cancel": Asked(before=_import_queued),
        "POST scheduled-feeds": Asked(
            {
                "name": "Nightly", "url": "https://shop.example.com/catalogue.csv.gz", "interval_minutes": 1_440, "kind": "full",
                "credential_name": "X-Api-Key", "credential": "the key that your server asks for",
            }
        ),
        "PATCH scheduled-feeds/{id}": Asked({"interval_minutes": 360}),
        "PUT feed-limits": Asked({"min_share": 70, "max_rejects": 10, "reason": "We sell by season."}),
        "PATCH listings/{external_id}": Asked({"present": False}),
        "POST searches": Asked({"commitment": commitment, "matches": [hit]}),
        "POST flags/{id}/claim": Asked({"person": MODERATOR}),
        "POST flags/{id}/release": Asked({"person": MODERATOR}, before=_calls(("flags/{flag}/claim", {"person": MODERATOR}))),
        "POST flags/{id}/hand-over": Asked({"to": MODERATOR, "note": "You know this seller."}),
        "POST flags/{id}/decide": Asked({"kind": "removed", "note": "Taken down.", "seen": "open:0"}),
        "POST flags/{id}/undo": Asked(
            before=_calls(("flags/{flag}/decide", {"kind": "removed", "seen": "open:0", "undoable": True}))
        ),
        "POST flags/{id}/answer": Asked(
            {"note": "Yes, all colours are recalled."},
            before=_calls(("flags/{flag}/decide", {"kind": "escalate", "note": "All colours?", "seen": "open:0"})),
        ),
        "POST flags/{id}/overrule": Asked(
            {"note": "The HL-300 is recalled, too."}, before=_calls(("flags/{flag}/decide", DISMISSAL))
        ),
        "POST flags/bulk/claim": Asked({"flags": [site.flag.pk], "person": MODERATOR}),
        "POST flags/bulk/decide": Asked({"kind": "removed", "flags": [{"flag": site.flag.pk, "seen": "open:0"}]}),
        "POST flags/claim-next": Asked({"person": MODERATOR}),
        "POST flags/{id}/messages": Asked({"text": "Which models are meant?", "audience": "both"}),
        "POST flags/{id}/messages/read": Asked({"up_to": site.attachment.message_id}, by="officer"),
        "POST flags/{id}/seller-links": Asked({"address": "shop@example.com", "language": "de"}),
        "POST flags/{flag_id}/seller-answers": Asked({"token": token, "act": "answer", "text": "It is the HL-300.", "name": "Zoe"}),
        "POST exclusions": Asked(excluded, by="officer"),
        "POST exclusions/{id}/withdraw": Asked({"reason": "The listing has changed."}),
        "POST innocents/{id}/withdraw": Asked({"reason": "The listing has changed."}),
        "POST observations": Asked({"flag": site.flag.pk, "verdict": "gone", "note": "Taken down."}),
        "POST takedowns/{flag_id}/check": Asked(before=_linked),
        "POST takedowns/{flag_id}/pause": Asked({"reason": "The shop cannot be reached."}),
        "POST takedowns/{flag_id}/resume": Asked(
            {"reason": "It can be reached again."}, before=_calls(("takedowns/{flag}/pause", {"reason": "Not reachable."}))
        ),
        "POST takedowns/{flag_id}/extension": Asked({"amount": 2, "reason": "A public holiday."}, before=_no_extension),
        "POST takedowns/{flag_id}/extension/answer": Asked({"grant": True, "answer": "One day is enough."}),
        "POST takedowns/{flag_id}/appeal": Asked({"side": "platform", "text": "It is the HL-300."}, before=_no_appeal),
        "POST appeals/{id}/answer": Asked({"grant": False, "answer": "The label shows HL-200R."}),
        "GET checks/{id}/capture": Asked(before=_page_captured),
        "POST packs": Asked({"platform": "bazaarly", "first": f"{today[:8]}01", "last": today}),
        "POST statements": Asked({"first": f"{today[:8]}01", "last": today}, before=_removed),
        "GET escalations/{id}": Asked(by="officer"),
        "POST escalations/{id}/acknowledge": Asked(note),
        "POST escalations/{id}/comment": Asked({"text": "They promise it for tonight."}),
        "POST escalations/{id}/hand-over": Asked({"to": OFFICER}),
        "POST escalations/{id}/resolve": Asked(note),
        "GET letters": Asked(by="officer"),
        "GET letters/{id}": Asked(by="officer"),
        "GET letters/{id}/pdf": Asked(by="officer"),
        "PUT letters/{id}": Asked({"subject": "Recalled heaters", "body": "Take them off sale."}, by="officer"),
        "POST letters/{id}/send": Asked({"seen": seen_of(site.letter)}, before=_late),
        "POST letters/{id}/discard": Asked(reason),
        "POST public-listings/{id}/agree": Asked({"reason": "Late for the third time."}, before=_late),
        "POST public-listings/{id}/withdraw": Asked(reason),
        "GET exports/{id}": Asked(before=_export_made),
        "GET exports/{id}/file": Asked(before=lambda site, ask: f"{_export_made(site, ask)}/file"),
        "POST exports/{id}/cancel": Asked(before=lambda site, ask: f"{_export(site, ask)}/cancel"),
        "POST exports/{id}/delete": Asked(before=lambda site, ask: f"{_export_made(site, ask)}/delete"),
        "POST sandbox/recalls": Asked({"products": [PRODUCT], "hazard": "It can overheat."}, by="sandbox"),
        "POST sandbox/notices/{id}/version": Asked(
            {"products": [PRODUCT, {**PRODUCT, "model_numbers": ["HL-210R"], "gtins": []}], "change_note": "A second model."},
            by="sandbox", before=_sandbox_notice("version"),
        ),
        "POST sandbox/notices/{id}/withdraw": Asked(
            {"reason": "To see what follows."}, by="sandbox", before=_sandbox_notice("withdraw")
        ),
        "POST sandbox/flags/{id}/answer": Asked(
            {"note": "Yes, all colours are recalled."}, by="sandbox", before=_sandbox_flag_referred
        ),
        "POST sandbox/takedowns/{flag_id}/extension": Asked(
            {"grant": True, "answer": "Ten minutes are enough."}, by="sandbox", before=_sandbox_extension
        ),
        "POST sandbox/appeals/{id}/answer": Asked(
            {"grant": False, "answer": "The label shows HL-200R."}, by="sandbox", before=_sandbox_appeal
        ),
        "POST sandbox/takedowns/{flag_id}/time": Asked({"minutes": 25}, by="sandbox", before=_sandbox_clock("time")),
        "POST sandbox/takedowns/{flag_id}/miss": Asked(by="sandbox", before=_sandbox_clock("miss")),
        "POST audit/export": Asked({"action": "flag", "since": today}),
    }  # fmt: skip
