"""The content of an evidence pack, who may have it, and that it verifies."""

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from pypdf import PdfReader

from enforcement import services
from enforcement.evidence_packs.verification import check_pack
from enforcement.models import Escalation, Observation
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, AuditSeal, User
from recalls.models import Notice
from tests.enforcement import packing
from tests.enforcement.conftest import LIVE, MONDAY, Case

pytestmark = pytest.mark.django_db
ONE_CASE = True


def test_the_pack_of_a_whole_flow_verifies(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    assert case.takedown.status == "met"
    path = case.pack(as_actor(officer))
    report = check_pack(path)
    assert report.problems == []
    files = packing.read(path)
    assert set(files) == {
        "README.txt", "summary.html", "summary.txt", "summary.pdf", "timeline.csv", "decisions.csv", "chain.jsonl", "manifest.json",
        "checks.wacz", "pictures.csv",
        *(f"captures/{pk}.json" for pk in case.takedown.observations.values_list("pk", flat=True)),
        *(f"captures/{check.pk}.body" for check in case.takedown.observations.exclude(body=b"")),
    }  # fmt: skip
    assert (report.captures, report.records, report.unsealed, report.stated) == (3, 3, 0, 0)
    assert report.files == len(files) - 2, "all but the manifest and the chain, which cover each other"
    assert report.head == AuditSeal.objects.count(), "everything up to the making is sealed and linked"
    assert report.first == 1


def test_the_timeline_tells_the_story_in_order(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    files = packing.read(case.pack(as_actor(officer)))
    events = [row["event"] for row in packing.table(files["timeline.csv"])]
    assert events == [
        "takedown.started", "flag.claimed_removed", "observation.recorded", "flag.reopened", "takedown.missed",
        "escalation.raised", "escalation.raised", "escalation.raised", "flag.claimed_removed", "observation.recorded",
        "observation.recorded", "flag.removed", "takedown.met_late",
    ]  # fmt: skip
    assert [row["at"] for row in packing.table(files["timeline.csv"])] == sorted(
        row["at"] for row in packing.table(files["timeline.csv"])
    )


def test_decisions_are_inert_in_a_spreadsheet(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    rows = packing.table(packing.read(case.pack(as_actor(officer)))["decisions.csv"])
    assert [(row["kind"], row["note"]) for row in rows] == [("removed", "'-1+1 is not a formula")] * 2


def test_what_the_seller_was_asked_is_in_the_pack(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    case.takedown.flag.decisions.update(question="Which model is on its label?")
    files = packing.read(case.pack(as_actor(officer)))
    assert {row["question"] for row in packing.table(files["decisions.csv"])} == {"Which model is on its label?"}
    for name in ("summary.txt", "summary.html"):
        assert "Which model is on its label?" in files[name].decode(), name


def test_a_capture_is_the_file_whose_digest_is_in_the_event(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    files = packing.read(case.pack(as_actor(officer)))
    check = case.takedown.observations.get(verdict="live")
    event = AuditEvent.objects.get(action="observation.recorded", subject_id=str(check.pk))
    assert sha256(files[f"captures/{check.pk}.json"]).hexdigest() == event.after["capture_digest"]
    assert files[f"captures/{check.pk}.body"] == LIVE.encode()
    assert json.loads(files[f"captures/{check.pk}.json"])["extracted"]["title"] == "Heater"


def test_other_events_are_digests_without_information(
    case: Case, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    files = packing.read(case.pack(as_actor(moderator_a)))
    archive = packing.read(io.BytesIO(files.pop("checks.wacz")))
    unpacked = (gzip.decompress(data) if name.endswith(".gz") else data for name, data in archive.items())
    whole = words(files.pop("summary.pdf")) + b"\n".join([*files.values(), *unpacked]).decode()
    for secret in ("Market One", "MarketOne", "26118-Z", "Jonas"):
        assert secret not in whole
    hidden = [line for line in packing.lines(files) if "event" not in line]
    assert hidden
    assert all(set(line) == {"position", "previous", "hash", "digest"} for line in hidden)


def test_a_platform_does_not_get_the_escalations_of_the_regulator(
    case: Case, moderator_a: User, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    assert Escalation.objects.filter(takedown=case.takedown, kind="officer").exists()
    own, all_ = (packing.read(case.pack(as_actor(who))) for who in (moderator_a, officer))
    kinds = [
        [line["event"]["after"]["kind"] for line in packing.lines(files) if line.get("event", {}).get("action") == "escalation.raised"]
        for files in (own, all_)
    ]  # fmt: skip
    assert kinds == [["reminder", "missed"], ["reminder", "missed", "officer"]]
    assert b"Regulator staff notified" not in own["summary.txt"]
    assert b"Regulator staff notified" in all_["summary.txt"]


def test_notice_and_period_packs_verify_and_hold_every_takedown(
    case: Case, officer: User, admin: User, as_actor: Callable[[User], Actor]
) -> None:
    notice = Notice.objects.select_related("recall", "platform").get(pk=case.takedown.flag.notice_id)
    by_notice = case.save(services.start_notice_pack(notice=notice, actor=as_actor(officer)))
    by_period = case.save(
        services.start_period_pack(
            platform=case.takedown.platform, first=MONDAY.date(), last=MONDAY.date(), actor=as_actor(admin)
        )
    )
    for path in (by_notice, by_period):
        assert check_pack(path).problems == []
        assert f"TAKEDOWN {case.takedown.pk}:" in packing.read(path)["summary.txt"].decode()
        assert f"TAKEDOWN {case.other.pk}:" not in packing.read(path)["summary.txt"].decode()


def test_a_period_without_takedowns_or_back_to_front_is_refused(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    day = MONDAY.date()
    for first, last in ((day.replace(day=1), day.replace(day=1)), (day, day.replace(day=1))):
        with pytest.raises(ValidationError):
            services.start_period_pack(platform=case.takedown.platform, first=first, last=last, actor=as_actor(officer))
    assert not AuditEvent.objects.filter(action="pack.started").exists()


def test_the_audit_knows_who_took_which_pack(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    path = case.pack(as_actor(officer))
    started, made = AuditEvent.objects.filter(action__startswith="pack.").order_by("id")
    assert (started.action, made.action) == ("pack.started", "pack.made")
    assert made.user == officer
    assert made.after["takedown"] == case.takedown.pk
    assert made.after["manifest_sha256"] == check_pack(path).manifest_sha256
    assert made.organisation_id is None, "the platform's own time line does not tell that the regulator took a pack"


def test_a_pack_that_was_not_sent_completely_was_not_made(
    case: Case, officer: User, as_actor: Callable[[User], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enforcement.evidence_packs.container.PIECE", 1)
    pack = services.start_takedown_pack(takedown=case.takedown, actor=as_actor(officer))
    stream = services.stream_pack(pack)
    next(stream)
    del stream
    assert not AuditEvent.objects.filter(action="pack.made").exists()


def test_what_happens_after_the_start_is_not_in_the_pack(
    case: Case, officer: User, system: Actor, as_actor: Callable[[User], Actor]
) -> None:
    pack = services.start_takedown_pack(takedown=case.takedown, actor=as_actor(officer))
    services.record_person_check(takedown=case.takedown, verdict="live", note="Back", actor=system)
    audit.seal_events()
    late = Observation.objects.latest("pk")
    path = case.save(pack)
    assert check_pack(path).problems == []
    assert f"captures/{late.pk}.json" not in packing.read(path)


def test_only_people_who_may_make_packs(case: Case, system: Actor, officer: User) -> None:
    with pytest.raises(PermissionDenied):
        case.pack(system)
    with pytest.raises(PermissionDenied):
        case.pack(Actor("person", "nobody", frozenset(), organisation_id=officer.organisation_id))


def test_checks_from_before_captures_were_sealed_are_in_the_pack_and_counted(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    check = Observation.objects.create(
        takedown=case.takedown, at=timezone.now(), source="page", verdict="live", rule="old", actor_label="old"
    )
    audit.record(actor=Actor.system("old"), action="observation.recorded", subject=check, after={"body_digest": ""})
    report = check_pack(case.pack(as_actor(officer)))
    assert (report.problems, report.unsealed) == ([], 1)


def test_a_check_changed_in_the_database_does_not_pass(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    check = case.takedown.observations.get(verdict="live")
    Observation.objects.filter(pk=check.pk).update(verdict="gone")
    problem, *records = check_pack(case.pack(as_actor(officer))).problems
    assert problem.kind == "capture"
    assert {each.kind for each in records} == {"web archive"}
    assert all(f"check-{check.pk}.warc.gz" in each.detail for each in records)
    assert f"captures/{check.pk}.json is not the capture" in problem.detail


def test_the_readmes_own_check_agrees_with_ours(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    path = case.pack(as_actor(officer))
    script = case.folder / "check.py"
    readme = packing.read(path)["README.txt"].decode()
    script.write_text(readme.split("---- check.py ----\n")[1].split("---- end ----")[0], encoding="utf-8")

    def run(pack: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(script), str(pack)]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own script

    assert "All checks passed" in run(path).stdout

    def forge(files: packing.Files) -> None:
        rows = packing.lines(files)
        rows[0]["event"]["reason"] = "forged"
        packing.put_lines(files, rows)

    refused = run(packing.tampered(path, forge, cover=True))
    assert refused.returncode == 1
    assert "position 1 is not the sealed event" in refused.stderr


def test_the_summary_stands_alone_and_shows_strange_text_as_text(
    case: Case, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    flag = case.takedown.flag
    flag.listing_as_flagged = {"title": "<script>alert(1)</script>\nTAKEDOWN 999: forged"}
    flag.save()
    files = packing.read(case.pack(as_actor(officer)))
    page, text = files["summary.html"].decode(), files["summary.txt"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "src=" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "\nTAKEDOWN 999" not in text


def test_the_summary_as_pdf_has_the_same_content(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:
    files = packing.read(case.pack(as_actor(officer)))
    printed = words(files["summary.pdf"])
    for check in case.takedown.observations.all():
        assert f"captures/{check.pk}.json" in printed
        assert "".join(check.detail.split()) in printed
    for decision in case.takedown.flag.decisions.all():
        assert "".join(decision.actor_label.split()) in printed
    assert "".join(case.takedown.deadline_reason.split()) in printed


def words(pdf: bytes) -> str:
    """The text of a PDF without blanks: line breaks carry no meaning."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
