"""A pack contains and proves the messages between both sides, and no internal notes."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from enforcement.evidence_packs.verification import check_pack
from listings import services as listings
from portal.identity.actors import Actor
from portal.models import User
from tests.enforcement import packing
from tests.enforcement.conftest import Case

pytestmark = pytest.mark.django_db
ONE_CASE = True
TEXT = "=Lot 7?\n你好 <b>"


@pytest.fixture
def pack(case: Case, moderator_a: User, officer: User, admin: User, settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    for audience, text in (("both", TEXT), ("own", "Note of Bazaarly")):
        file = ContentFile(b"seen", "seen.txt")
        listings.post_message(
            flag=case.takedown.flag, audience=audience, text=text, attachments=[file], actor=Actor.person(moderator_a)
        )
    listings.post_message(
        flag=case.other.flag, audience="both", text="Secret of Market One", actor=Actor.person(officer)
    )
    return case.pack(Actor.person(admin))


def test_messages_to_both_sides_are_in_it_and_verify(pack: Path) -> None:
    files = packing.read(pack)
    (name,) = [name for name in files if name.startswith("messages/")]
    assert files[name].decode() == TEXT
    assert check_pack(pack).problems == []
    posted = [line["event"] for line in packing.lines(files) if line.get("event", {}).get("action") == "message.posted"]
    assert [event["after"]["text_sha256"] for event in posted] == [hashlib.sha256(TEXT.encode()).hexdigest()]
    digest = hashlib.sha256(b"seen").hexdigest()
    assert posted[0]["after"]["attachments"][0]["sha256"] == digest
    for summary in ("summary.html", "summary.txt"):
        text = files[summary].decode()
        assert ("Lot 7?" in text, digest in text, "<b>" in text) == (True, True, summary.endswith("txt"))
    everything = b"".join(files.values())
    assert not any(words in everything for words in (b"Note of Bazaarly", b"Secret of Market One"))


def test_the_script_of_the_readme_checks_messages_too(pack: Path, tmp_path: Path) -> None:
    script = tmp_path / "check.py"
    text = packing.read(pack)["README.txt"].decode()
    script.write_text(text.split("---- check.py ----")[1].split("---- end ----")[0])

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, script, path], capture_output=True, text=True, check=False)  # noqa: S603

    assert "All checks passed" in run(pack).stdout
    assert "is not the message of position" in run(packing.tampered(pack, _change, cover=True)).stderr


def _name(files: packing.Files) -> str:
    return next(name for name in files if name.startswith("messages/"))


def _change(files: packing.Files) -> None:
    files[_name(files)] += b"!"


def _remove(files: packing.Files) -> None:
    del files[_name(files)]


def _add(files: packing.Files) -> None:
    files["messages/999999.txt"] = b"never written"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (_change, "is not the message of event"),
        (_remove, "is missing"),
        (_add, "has no event in the chain"),
    ],
)
def test_a_message_that_was_changed_removed_or_added_is_found(
    change: Callable[[packing.Files], None], detail: str, pack: Path
) -> None:
    problems = check_pack(packing.tampered(pack, change, cover=True)).problems
    assert [(problem.kind, detail in problem.detail) for problem in problems] == [("message", True)]
