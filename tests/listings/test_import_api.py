"""Programs answer for a full feed that waits, with a scope of its own, and read what was rejected."""

from typing import Any

import pytest

from listings import services
from listings.models import CatalogueImport, FeedRule, Listing
from portal.models import AuditEvent, Organisation, User
from tests.factories import UserFactory
from tests.listings.test_feeds_that_wait import HEADER, ROWS, run
from tests.portal.test_regulator_keys import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(platform_a: Organisation) -> CatalogueImport:
    """A full feed with half of what the one before had."""
    run(platform_a, HEADER + "".join(ROWS))
    return run(platform_a, HEADER + "".join(ROWS[:20]) + ",no id,,\n")


def absent() -> int:
    return Listing.objects.filter(present=False).count()


def test_a_program_that_sends_feeds_does_not_confirm_what_waits_and_one_with_the_scope_does(
    held: CatalogueImport, manager_a: User
) -> None:
    path = f"imports/{held.pk}"
    sends, confirms = program(manager_a, ["catalogue"]), program(manager_a, ["catalogue:confirm"])
    job = sends("GET", path).json()
    assert job["status"] == "waiting"
    assert "20 listings, 50% of the 40" in job["held"][0]
    for call in ("confirm", "refuse"):
        assert sends("POST", f"{path}/{call}", {"reason": "So it is."}).status_code == 403
    assert confirms("POST", f"{path}/confirm", {"reason": " "}).status_code == 422
    assert (CatalogueImport.objects.get(pk=held.pk).status, absent()) == ("waiting", 0)
    assert confirms("POST", f"{path}/confirm", {"reason": "Half was sold."}).json()["status"] == "queued"
    services.run_imports_due()
    done = sends("GET", path).json()
    assert (done["status"], done["absent"], absent()) == ("done", 20, 20)
    assert AuditEvent.objects.get(action="catalogue_import.confirmed").reason == "Half was sold."
    assert confirms("POST", f"{path}/confirm", {"reason": "Again."}).json()["code"] == "illegal_transition"


def test_a_refused_feed_leaves_everything_on_sale_and_a_queued_one_is_cancelled(
    held: CatalogueImport, manager_a: User, platform_a: Organisation
) -> None:
    call = program(manager_a, ["catalogue", "catalogue:confirm"])
    refused = call("POST", f"imports/{held.pk}/refuse", {"reason": "Half of the file is missing."})
    assert (refused.json()["status"], absent()) == ("refused", 0)
    assert call("POST", f"imports/{held.pk}/cancel").status_code == 409
    CatalogueImport.objects.filter(pk=held.pk).update(status="queued")
    assert call("POST", f"imports/{held.pk}/cancel").json()["status"] == "cancelled"
    assert absent() == 0


def test_another_platform_neither_sees_nor_answers_it(held: CatalogueImport, platform_b: Organisation) -> None:
    manager = UserFactory(role="platform_manager", organisation=platform_b)
    call = program(manager, ["catalogue", "catalogue:confirm", "exports"])
    assert call("GET", "imports").json()["results"] == []
    for method, of in (
        ("GET", ""),
        ("GET", "/rejects"),
        ("POST", "/rejects/export"),
        ("POST", "/confirm"),
        ("POST", "/refuse"),
    ):
        assert call(method, f"imports/{held.pk}{of}", {"reason": "x"}).status_code == 404, of
    assert CatalogueImport.objects.get(pk=held.pk).status == "waiting"


def test_rejects_come_in_the_order_of_the_file_in_pages_and_as_a_file(
    manager_a: User, platform_a: Organisation
) -> None:
    job = run(platform_a, HEADER + ROWS[0] + "".join(f",no id {n},,\n" for n in range(5)), "delta")
    call = program(manager_a, ["catalogue", "exports"])
    found: list[dict[str, Any]] = []
    page = call("GET", f"imports/{job.pk}/rejects?page_size=2").json()
    found += page["results"]
    while page["next"]:
        page = call("GET", page["next"].partition("/api/v1/")[2]).json()
        found += page["results"]
    assert [row["line"] for row in found] == [3, 4, 5, 6, 7]
    assert {row["whole_row"] for row in found} == {True}
    assert "no id 0" in found[0]["content"]
    assert program(manager_a, ["catalogue"])("POST", f"imports/{job.pk}/rejects/export").status_code == 403
    assert call("POST", f"imports/{job.pk}/rejects/export").json()["kind"] == "catalogue_rejects"


def test_columns_are_chosen_and_the_file_is_imported_again(
    manager_a: User, platform_a: Organisation, tmp_path: Any, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    job = run(platform_a, "Code,Words\n1,Lamp\n2,Towel\n", "delta")
    call = program(manager_a, ["catalogue"])
    wrong = call("POST", f"imports/{job.pk}/columns", {"mapping": {"external_id": "Nowhere", "title": "Words"}})
    assert (wrong.status_code, set(wrong.json()["errors"])) == (422, {"external_id"})
    assert CatalogueImport.objects.count() == 1
    made = call("POST", f"imports/{job.pk}/columns", {"mapping": {"external_id": "Code", "title": "Words"}})
    assert (made.status_code, made.json()["status"]) == (201, "queued")
    services.run_imports_due()
    assert call("GET", f"imports/{made.json()['id']}").json()["added"] == 2


def test_the_limits_for_full_feeds_are_read_and_set_by_the_same_scope(
    platform_a: Organisation, manager_a: User, officer: User
) -> None:
    sends, confirms = program(manager_a, ["catalogue"]), program(manager_a, ["catalogue:confirm"])
    assert confirms("GET", "feed-limits").json() == {"min_share": 80, "max_rejects": 20}
    new = {"min_share": 50, "max_rejects": 10, "reason": "Seasonal goods."}
    for call, status in ((sends, 403), (program(officer), 403)):
        assert call("GET", "feed-limits").status_code == status
        assert call("PUT", "feed-limits", new).status_code == status
    for wrong, field in (
        ({"min_share": 0}, "min_share"),
        ({"max_rejects": 100}, "max_rejects"),
        ({"reason": " "}, "reason"),
    ):
        refused = confirms("PUT", "feed-limits", new | wrong)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert not FeedRule.objects.exists()
    assert confirms("PUT", "feed-limits", new).json() == {"min_share": 50, "max_rejects": 10}
    run(platform_a, HEADER + "".join(ROWS))
    assert run(platform_a, HEADER + "".join(ROWS[:20])).status == "done"
    assert AuditEvent.objects.get(action="feed_rule.changed").actor_kind == "api"
