"""Each way to tamper with a pack is found, distinguished from the others, and its place is named."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import DjangoAssertNumQueries

from enforcement.evidence_packs.dates import EventDates
from enforcement.evidence_packs.report import PackReport
from enforcement.evidence_packs.verification import check_pack
from portal import audit
from portal.audit import chain
from portal.identity.actors import Actor
from portal.models import User
from tests.enforcement import packing
from tests.enforcement.conftest import MONDAY, Case
from tests.enforcement.packing import Files

pytestmark = pytest.mark.django_db


_made: list[tuple[str, bytes]] = []


@pytest.fixture
def path(request: pytest.FixtureRequest, as_actor: Callable[[User], Actor], tmp_path: Path) -> Path:
    """A pack, made once for all tests in this process: what is checked here is a file, wherever it came from."""
    if not _made:
        case: Case = request.getfixturevalue("case")
        pack = case.pack(as_actor(request.getfixturevalue("officer")))
        _made.append((pack.name, pack.read_bytes()))
    [(name, data)] = _made
    path = tmp_path / name
    path.write_bytes(data)
    return path


def found(report: PackReport) -> list[tuple[str, str]]:
    return [(problem.kind, problem.detail) for problem in report.problems]


def capture(files: Files, kind: str = "json") -> str:
    return next(name for name in files if re.fullmatch(rf"captures/\d+\.{kind}", name))


def edit(name: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[name] += b"\nforged"

    return change


def event_line(files: Files, action: str) -> tuple[list[dict], dict]:
    rows = packing.lines(files)
    return rows, next(row for row in rows if row.get("event", {}).get("action") == action)


def test_a_changed_file_is_named(path: Path) -> None:
    for name in ("summary.html", "decisions.csv", "README.txt"):
        [(kind, detail)] = found(check_pack(packing.tampered(path, edit(name), cover=False)))
        assert (kind, detail.split(" ")[0]) == ("changed file", name)


def test_a_missing_file_is_named(path: Path) -> None:
    [(kind, detail)] = found(
        check_pack(packing.tampered(path, lambda files: files.pop("decisions.csv") and None, cover=False))
    )
    assert (kind, detail) == ("missing file", "decisions.csv is in the manifest but not in the pack")


def test_an_extra_file_is_named(path: Path) -> None:
    report = check_pack(packing.tampered(path, lambda files: files.update({"x.txt": b"x"}), cover=False))
    assert found(report) == [("extra file", "x.txt is not in the manifest")]


def test_a_file_that_is_there_twice_is_named(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("summary.txt", "forged")
    assert ("extra file", "summary.txt is in the pack 2 times") in found(check_pack(path))


def test_a_rewritten_timeline_is_found_though_the_manifest_covers_it(path: Path) -> None:
    [(kind, detail)] = found(check_pack(packing.tampered(path, edit("timeline.csv"), cover=True)))
    assert (kind, detail.split(" ")[0]) == ("timeline", "timeline.csv")


def test_a_changed_event_is_named_though_the_manifest_covers_it(path: Path) -> None:
    def change(files: Files) -> None:
        rows, line = event_line(files, "flag.claimed_removed")
        line["event"]["actor"][1] = "Nobody"
        packing.put_lines(files, rows)

    problems = found(check_pack(packing.tampered(path, change, cover=True)))
    assert problems[0][0] == "changed event"
    assert "(flag.claimed_removed, " in problems[0][1]
    assert {kind for kind, _ in problems} == {"changed event", "timeline"}


def test_a_resealed_event_breaks_the_chain_at_its_place(path: Path) -> None:
    def change(files: Files) -> None:
        rows, line = event_line(files, "flag.claimed_removed")
        line["event"]["actor"][1] = "Nobody"
        line["digest"] = chain.digest_of(line["event"], line["nonce"])
        packing.put_lines(files, rows)

    problems = found(check_pack(packing.tampered(path, change, cover=True)))
    assert {kind for kind, _ in problems} == {"broken chain", "timeline"}
    assert re.search(r"the hash of position \d+ does not match", problems[0][1])


def test_a_forged_seal_breaks_the_chain_at_the_next(path: Path) -> None:
    def change(files: Files) -> None:
        rows, line = event_line(files, "flag.claimed_removed")
        line["event"]["actor"][1] = "Nobody"
        line["digest"] = chain.digest_of(line["event"], line["nonce"])
        line["hash"] = chain.link(line["position"], line["previous"], line["digest"])
        packing.put_lines(files, rows)

    problems = found(check_pack(packing.tampered(path, change, cover=True)))
    assert re.fullmatch(r"position \d+ does not follow position \d+", problems[0][1])


def test_a_position_taken_out_is_named(path: Path) -> None:
    def change(files: Files) -> None:
        rows = packing.lines(files)
        del rows[3]
        packing.put_lines(files, rows)

    assert ("broken chain", "position 4 is missing: position 5 follows instead") in found(
        check_pack(packing.tampered(path, change, cover=True))
    )


def test_a_tail_cut_off_is_noticed(path: Path) -> None:
    def change(files: Files) -> None:
        packing.put_lines(files, packing.lines(files)[:-1])

    [(kind, detail)] = found(check_pack(packing.tampered(path, change, cover=True)))
    assert kind == "manifest"
    assert "is not the one that the end of the chain seals" in detail


@pytest.mark.parametrize("line", ["{}", "[]", "x", '{"position": 1, "position": 2}', "[" * 100_000, '{"position":"1"}'])
def test_nonsense_in_the_chain_is_named_and_breaks_nothing(path: Path, line: str) -> None:
    def change(files: Files) -> None:
        files["chain.jsonl"] = line.encode() + b"\n" + files["chain.jsonl"]

    problems = found(check_pack(packing.tampered(path, change, cover=True)))
    assert ("broken chain", "line 1 of chain.jsonl is not a valid line of the chain") in problems


def test_a_capture_that_is_not_the_one_of_its_event_is_named(path: Path) -> None:
    def change(files: Files) -> None:
        name = capture(files)
        files[name] = files[name].replace(b'"verdict": "live"', b'"verdict": "gone"')

    (kind, detail), *archive = found(check_pack(packing.tampered(path, change, cover=True)))
    assert kind == "capture"
    assert {kind for kind, _ in archive} == {"web archive"}
    assert re.match(r"captures/\d+\.json is not the capture of event \d+", detail)


def test_a_page_that_is_not_the_one_of_its_event_is_named(path: Path) -> None:
    def change(files: Files) -> None:
        files[capture(files, "body")] = b"<h1>Gone</h1>"

    (kind, detail), *archive = found(check_pack(packing.tampered(path, change, cover=True)))
    assert kind == "capture"
    assert {kind for kind, _ in archive} == {"web archive"}
    assert re.match(r"captures/\d+\.body is not the page of event \d+", detail)


def test_a_capture_left_out_is_named(path: Path) -> None:
    (kind, detail), *archive = found(
        check_pack(packing.tampered(path, lambda files: files.pop(capture(files)) and None, cover=True))
    )
    assert kind == "capture"
    assert {kind for kind, _ in archive} == {"web archive"}
    assert detail.endswith("is missing")


def test_a_capture_without_an_event_is_named(path: Path) -> None:
    report = check_pack(packing.tampered(path, lambda files: files.update({"captures/999999.json": b"{}"}), cover=True))
    assert found(report) == [("capture", "captures/999999.json has no event in the chain")]


def test_a_forged_chain_is_consistent_and_an_anchor_finds_it(path: Path) -> None:
    last = packing.lines(packing.read(path))[-1]
    assert check_pack(path, {last["position"]: last["hash"]}).problems == []

    def change(files: Files) -> None:
        rows, line = event_line(files, "flag.claimed_removed")
        line["event"]["reason"] = "forged"
        before = rows[0]["previous"]
        for row in rows:
            row["previous"] = before
            row["digest"] = chain.digest_of(row["event"], row["nonce"]) if "event" in row else row["digest"]
            before = row["hash"] = chain.link(row["position"], before, row["digest"])
        packing.put_lines(files, rows)

    problems = found(check_pack(packing.tampered(path, change, cover=True), {last["position"]: last["hash"]}))
    assert (
        "anchor",
        f"position {last['position']} differs from its recorded hash: positions up to {last['position']} were made again",
    ) in problems
    assert "changed event" not in {kind for kind, _ in problems}


def test_an_anchor_of_another_part_of_the_chain_is_reported(path: Path) -> None:
    [(kind, detail)] = found(check_pack(path, {10_000: "0" * 64}))
    assert kind == "anchor"
    assert "to compare with" in detail


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x03\x04" + b"\x00" * 100])
def test_a_file_that_is_not_a_zip_is_unreadable(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(data)
    assert [kind for kind, _ in found(check_pack(file))] == ["unreadable"]


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"format": "offshelf-pack-1", "files": {"x": 3}}', "[" * 100_000]
)
def test_an_invalid_manifest_is_unreadable(tmp_path: Path, manifest: str) -> None:
    file = packing.write(tmp_path / "x.zip", {"manifest.json": manifest.encode()})
    assert [kind for kind, _ in found(check_pack(file))] == ["unreadable"]


def test_a_zip_without_a_manifest_is_not_a_pack(tmp_path: Path) -> None:
    file = packing.write(tmp_path / "x.zip", {"a.txt": b"a"})
    assert [kind for kind, _ in found(check_pack(file))] == ["missing file"]


def test_a_damaged_zip_is_reported_without_a_traceback(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(200, len(data) - 2_000, 97):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    assert check_pack(path).problems


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command with an unreachable database."""
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"}
    line = [sys.executable, "manage.py", "verify_pack", *arguments]
    return subprocess.run(line, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  our own program


def test_the_command_needs_no_database_and_says_what_it_found(
    path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last = packing.lines(packing.read(path))[-1]
    anchor = path.with_name("anchors.jsonl")
    anchor.write_text(json.dumps({"position": last["position"], "hash": last["hash"]}) + "\n")
    good = command(str(path), "--anchor", str(anchor))
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("All checks passed.\n")
    assert "Anchors compared: 1." in good.stdout
    bad = command(str(packing.tampered(path, edit("summary.txt"), cover=False)))
    assert bad.returncode == 1
    assert "changed file: summary.txt has " in bad.stdout
    assert "1 check failed" in bad.stderr
    for arguments in ([str(path.with_name("none.zip"))], [str(path), "--anchor", str(path)]):
        with pytest.raises(CommandError) as refused, django_assert_num_queries(0):
            call_command("verify_pack", *arguments, stdout=io.StringIO())
        assert refused.value.returncode == 1, "the status that manage.py ends with"


def test_untrusted_names_do_not_control_the_terminal(path: Path) -> None:
    output = command(str(packing.tampered(path, lambda files: files.update({"\x1b[2Jx": b"x"}), cover=False))).stdout
    assert "\x1b" not in output


def test_the_help_says_what_is_checked_and_with_which_status_it_ends() -> None:
    output = command("--help").stdout
    for word in ("changed file", "missing file", "broken chain", "capture", "--anchor", "exit status"):
        assert word in output


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_pack_that_is_repacked_and_damaged_is_reported_whatever_the_method(
    path: Path, tmp_path: Path, method: int
) -> None:
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(tmp_path / "repacked.zip", "w", method) as made:
        for name in given.namelist():
            made.writestr(name, given.read(name))
        middles = [entry.header_offset + 60 + entry.compress_size // 2 for entry in made.infolist()]
    whole = (tmp_path / "repacked.zip").read_bytes()
    for at in middles:
        piece = bytes(byte ^ 0xFF for byte in whole[at : at + 20])
        (tmp_path / "damaged.zip").write_bytes(whole[:at] + piece + whole[at + 20 :])
        assert check_pack(tmp_path / "damaged.zip").problems


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("manifest.json", {"chain": {"head": "5"}}),
        ("manifest.json", {"chain": [["first", 1]]}),
        ("manifest.json", {"made_at": True}),
        ("captures", {"final_url": -1}),
        ("captures", {"at": "9999-12-31T23:59:59-23:59"}),
        ("captures", {"headers": ["none"]}),
        ("captures", {"exchanges": {"url": 5}}),
    ],
)
def test_a_value_of_a_kind_that_no_pack_has_is_a_finding_and_no_crash(name: str, change: dict, path: Path) -> None:
    def put(files: Files) -> None:
        where = capture(files) if name == "captures" else name
        files[where] = json.dumps(json.loads(files[where]) | change).encode()

    for cover in (True, False):
        assert check_pack(packing.tampered(path, put, cover=cover)).problems


@pytest.mark.parametrize("times", [1, 3])
def test_an_event_that_was_put_in_later_under_an_earlier_date_is_named(
    times: int, case: Case, as_actor: Callable[[User], Actor], officer: User
) -> None:
    """The log takes it and seals it: whoever can add to the log proves with it a removal in time that never was."""
    flag = case.takedown.flag
    with time_machine.travel(MONDAY + timedelta(days=9), tick=False):
        audit.record(actor=Actor.system("sweep"), action="flag.pictures_seen", subject=flag)
        honest = check_pack(case.pack(as_actor(officer)))
    assert not honest.problems
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        for _ in range(times):
            audit.record(actor=Actor.system("proof"), action="flag.removed", subject=flag, reason="Seen gone in time.")
    with time_machine.travel(MONDAY + timedelta(days=10), tick=False):
        problems = found(check_pack(case.pack(as_actor(officer))))
    assert [kind for kind, _ in problems] == ["date"] * times
    assert "(flag.removed" in problems[0][1]


def test_a_clock_that_was_ahead_once_makes_no_later_event_old(
    case: Case, as_actor: Callable[[User], Actor], officer: User
) -> None:
    flag = case.takedown.flag
    with time_machine.travel(MONDAY + timedelta(days=90), tick=False):
        audit.record(actor=Actor.system("sweep"), action="flag.pictures_seen", subject=flag)
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        for _ in range(3):
            audit.record(actor=Actor.system("sweep"), action="flag.pictures_seen", subject=flag)
        assert not check_pack(case.pack(as_actor(officer))).problems


def test_a_time_stamp_contradicts_events_dated_on_its_wrong_side() -> None:
    dates, report, stamped = EventDates(), PackReport(), MONDAY + timedelta(days=2)
    dates.note(1, MONDAY.isoformat(), "event 1")
    dates.note(2, (stamped + timedelta(days=3)).isoformat(), "event 2")
    dates.note_stamp(2, stamped)
    dates.note(3, (stamped + timedelta(days=3)).isoformat(), "event 3")
    dates.judge(report)
    assert [(kind, "event 2 at position 2" in detail) for kind, detail in found(report)] == [("date", True)]
    dates.note_stamp(2, stamped + timedelta(days=9))
    dates.judge(report)
    assert "event 3 at position 3 is dated before the time stamp of position 2" in found(report)[-1][1]
