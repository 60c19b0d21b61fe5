"""A pack contains the time stamps of its part of the chain, and anyone can verify them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from enforcement.evidence_packs.verification import check_pack
from portal.audit import chain, timestamps
from portal.audit.rfc3161 import read_roots
from portal.identity.actors import Actor
from portal.models import AuditStamp, User
from tests.authority import Authority, serve
from tests.enforcement import packing
from tests.enforcement.conftest import Case
from tests.enforcement.packing import Files

pytestmark = pytest.mark.django_db
ONE_CASE = True


@pytest.fixture
def roots(case: Case, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The authority's certificates, after it stamped the case's chain."""
    authority = Authority()
    path = authority.write_roots(tmp_path / "authority.pem")
    with serve(authority) as url:
        settings.FETCH_ALLOWED_PRIVATE = [url.removeprefix("http://").rstrip("/")]
        settings.TIME_STAMP_URL, settings.TIME_STAMP_ROOTS = url, str(path)
        assert timestamps.stamp_due()
        yield path


@pytest.fixture
def pack(case: Case, roots: Path, officer: User, as_actor: Callable[[User], Actor]) -> Path:
    return case.pack(as_actor(officer))


def name_of_stamp() -> str:
    return f"stamps/{AuditStamp.objects.get().position}.tsr"


def test_a_stamp_is_checked_with_the_authoritys_certificates(pack: Path, roots: Path) -> None:
    report = check_pack(pack, roots=read_roots(roots))
    assert (report.problems, report.stamps) == ([], 1)
    assert report.stamped_at == AuditStamp.objects.get().at


def test_the_command_says_whether_signatures_were_checked(
    pack: Path, roots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_pack", str(pack))
    assert (
        "1 time stamps match hashes of this chain, the newest of 2026-03-02 15:00:00 UTC (signatures not verified"
        in (capsys.readouterr().out)
    )
    call_command("verify_pack", str(pack), "--roots", str(roots))
    assert "(verified with the given certificates)" in capsys.readouterr().out


def test_a_stamp_of_another_authority_does_not_hold(pack: Path, tmp_path: Path) -> None:
    elsewhere = Authority("Elsewhere").write_roots(tmp_path / "elsewhere.pem")
    [problem] = check_pack(pack, roots=read_roots(elsewhere)).problems
    assert problem.kind == "time stamp"
    assert "does not hold" in problem.detail


def test_a_forged_chain_contradicts_its_stamp_even_without_certificates(pack: Path) -> None:
    def rebuild(files: Files) -> None:
        rows, previous = packing.lines(files), chain.GENESIS
        rows[0]["previous"] = previous
        for row in rows:
            row["previous"] = previous
            if "event" in row and row["event"]["reason"]:
                row["event"]["reason"] = "as someone would like it"
                row["digest"] = chain.digest_of(row["event"], row["nonce"])
            row["hash"] = previous = chain.link(row["position"], row["previous"], row["digest"])
        packing.put_lines(files, rows)

    kinds = {problem.kind for problem in check_pack(packing.tampered(pack, rebuild, cover=True)).problems}
    assert "time stamp" in kinds


def test_a_stamp_about_no_position_and_one_that_is_none_are_named(pack: Path) -> None:
    name = name_of_stamp()

    def move(files: Files) -> None:
        files["stamps/999999.tsr"] = files[name]
        files["stamps/x.tsr"] = files[name]
        files[name] = b"no answer at all"

    report = check_pack(packing.tampered(pack, move, cover=True))
    assert {(problem.kind, problem.detail.split(" ")[0]) for problem in report.problems} == {
        ("time stamp", "stamps/999999.tsr"), ("time stamp", "stamps/x.tsr"), ("time stamp", name),
    }  # fmt: skip
