"""The `offshelf` command against the real server: from the login to a decision, and what is refused."""

import json
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from listings import services as listings
from listings.models import CatalogueImport, Decision, Flag, Listing
from offshelf_client.__main__ import parser
from offshelf_client.commands import flags
from offshelf_client.commitment import Rows
from portal.models import AuditEvent
from tests.client.conftest import HEATER, Site
from tests.client.running import run

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [
    "login",
    "key",
    "logout",
    "notices",
    "match",
    "upload",
    "flags",
    "decide",
    "report",
    "watch",
    "prove",
    "verify",
]


def test_a_platform_goes_from_its_key_to_a_decision(site: Site, catalogue: Path, home: Path) -> None:
    login = run("login", f"{site.url}/", "--key-stdin", stdin=f"{site.secret}\n")
    assert (login.status, login.err) == (0, "")
    saved = home / "config" / "offshelf" / "login.json"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert stat.S_IMODE(saved.parent.stat().st_mode) == 0o700
    assert site.secret not in login.out
    assert "flags" in run("key").out
    assert run("key", "--json").rows[0]["organisation"]["slug"] == site.notice.platform.slug
    assert "26117" in run("notices").out
    assert run("notices", "--json").rows[0]["recall"]["products"][0]["model_numbers"] == ["HL-200R"]

    found = run("match", str(catalogue))
    assert found.status == 0
    assert [line.split("  ")[:2] for line in found.out.splitlines()] == [["A-1", "26117"]]
    assert not Listing.objects.exists(), "without --report nothing leaves"
    assert run("match", str(catalogue), "--report").status == 0
    assert list(Listing.objects.values_list("external_id", "title", "price", "currency")) == [
        ("A-1", HEATER, Decimal("49.90"), "USD")
    ], "only the hit leaves"

    site.work()
    (flag,) = run("flags", "--json").rows
    assert (flag["listing"]["id"], flag["status"]) == ("A-1", "open")
    decided = run("decide", str(flag["id"]), "--kind", "not_the_product", "--reason", "other_model")
    assert (decided.status, decided.err) == (0, "")
    decision = Decision.objects.get()
    assert (decision.kind, decision.reason) == ("not_the_product", "other_model")
    assert run("logout").status == 0
    assert not saved.exists()
    assert run("flags").status == 3


def test_a_catalogue_is_uploaded_in_parts_and_goes_on_after_a_break(
    logged_in: Site, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offshelf_client.commands.upload.PART", 40)
    monkeypatch.setattr("listings.services.uploads.MAX_PARTS", 2)  # breaks off after two parts
    broken = run("upload", str(catalogue), "--kind", "full")
    assert (broken.status, "(too_many_parts)" in broken.err) == (1, True)
    monkeypatch.setattr("listings.services.uploads.MAX_PARTS", 100)
    done = run("upload", str(catalogue), "--kind", "full")
    assert (done.status, done.out) == (0, f"import  {CatalogueImport.objects.get().pk}  queued\n")
    assert "Continuing at byte 80" in done.err
    listings.run_imports_due()
    job = CatalogueImport.objects.get()
    assert (job.status, job.added, Path(job.file.path).read_bytes()) == ("done", 3, catalogue.read_bytes())
    missing = run("upload", str(catalogue.with_name("none.csv")), "--kind", "full")
    assert (missing.status, "Cannot read" in missing.err) == (2, True)


def test_what_was_searched_is_committed_to_without_showing_it(logged_in: Site, catalogue: Path, home: Path) -> None:
    file = home / "commitment.json"
    assert run("match", str(catalogue), "--commitment", str(file)).status == 0
    content = json.loads(file.read_text())
    assert (content["rows"], content["set_aside"], content["hits"]) == (3, 0, 1)
    assert "towel" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    jsonl = home / "other.jsonl"
    rows = [{"id": "A-3", "title": "Garden hose 20 m", "brand": "Wetter", "price": "19.00 USD"},
            {"id": "A-2", "title": "Cotton towel", "brand": "Softly", "price": "9.50 USD"},
            {"id": "A-1", "title": HEATER, "brand": "Hearthline", "gtin": "00012345678905", "price": "49.90 USD"}]  # fmt: skip
    jsonl.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    run("match", str(jsonl), "--commitment", str(file))
    assert json.loads(file.read_text())["root"] == content["root"], "the same rows in another order and format"
    jsonl.write_text("".join(f"{json.dumps(row)}\n" for row in rows[1:]))
    run("match", str(jsonl), "--commitment", str(file))
    assert json.loads(file.read_text())["root"] != content["root"], "a row was withheld"
    assert len(list((home / "state" / "offshelf").glob("commitment-*"))) == 0
    run("match", str(catalogue))
    (kept,) = (home / "state" / "offshelf").glob("commitment-*")
    assert json.loads(kept.read_text())["root"] == content["root"] != Rows().root()


def test_a_listing_is_reported_as_gone(logged_in: Site, catalogue: Path) -> None:
    run("match", str(catalogue), "--report")
    ran = run("report", "A-1", "nowhere", "--gone")
    assert ran.status == 5
    assert [line.split("  ")[:2] for line in ran.out.splitlines()] == [["A-1", "absent"], ["nowhere", "rejected"]]
    assert not Listing.objects.get().present
    assert AuditEvent.objects.filter(action="listing.off_sale").count() == 1
    assert run("report", "A-1").status == 2, "a report says what is reported"


def test_a_decision_on_what_has_changed_is_refused(logged_in: Site, catalogue: Path) -> None:
    run("match", str(catalogue), "--report")
    logged_in.work()
    (flag,) = run("flags", "--json").rows
    ran = run("decide", str(flag["id"]), "--kind", "removed", "--seen", "open:77")
    assert ran.status == 1
    assert ran.err.endswith("(stale).\n")
    assert run("decide", str(flag["id"]), "--kind", "not_the_product").err.startswith("offshelf: reason: ")
    assert run("decide", "999999", "--kind", "removed").err.endswith("(not_found).\n")
    assert not Decision.objects.exists()
    assert Flag.objects.get().status == "open"


def test_watch_prints_what_is_new_once(logged_in: Site, catalogue: Path) -> None:
    first = run("watch", "--once", "--json")
    assert [(row["kind"], row["id"]) for row in first.rows] == [("notice", logged_in.notice.pk)]
    assert run("watch", "--once").out == ""
    run("match", str(catalogue), "--report")
    logged_in.work()
    assert [line.split("  ")[::2][:2] for line in run("watch", "--once").out.splitlines()] == [["flag", "open"]]
    assert run("watch", "--once").out == ""
    Flag.objects.update(score=0.5)
    assert run("watch", "--once").out.startswith("flag  "), "what has changed is printed again"


def test_a_wrong_key_is_refused_and_not_saved(site: Site, home: Path) -> None:
    wrong = f"ofs_{'x' * 43}"
    ran = run("login", site.url, "--key-stdin", stdin=wrong)
    assert ran.status == 3
    assert ran.err.endswith("(authentication_failed).\n")
    assert wrong not in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (home / "config").exists()


def test_a_key_at_its_limit_is_told_when_it_can_go_on(logged_in: Site, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 1
    run("--timeout", "1", "notices")
    ran = run("--timeout", "1", "notices")
    assert (ran.status, ran.out) == (4, "")
    assert "try again in " in ran.err
    assert ran.err.endswith(" s (throttled).\n")


def test_the_choices_are_those_of_the_api(live_server: LiveServer, settings: Any) -> None:
    from portal.api.schema_view import schema_in  # noqa: PLC0415  it needs the settings

    parts = schema_in(settings.LANGUAGE_CODE)["components"]["schemas"]
    enums = {tuple(each["enum"]) for each in parts.values() if "enum" in each}
    for choices in (flags.KINDS, flags.REASONS, flags.SCOPES, flags.STATUSES):
        assert any(set(choices) == set(each) for each in enums), choices


def test_every_command_explains_itself() -> None:
    commands = next(action for action in parser()._actions if action.dest != "help" and action.choices).choices
    assert set(commands) == set(NAMES)
    for name, command in commands.items():
        assert len(command.description) > 50, name
        assert all(action.help for action in command._actions), name
        shown = run(name, "--help")
        assert (shown.status, shown.err) == (0, "")
