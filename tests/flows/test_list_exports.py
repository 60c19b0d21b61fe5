"""Every page that lists something has an export in every format, or a written reason why not; and no export tells a secret."""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from listings.models import HeldMatch
from portal import services
from portal.exporting.registry import is_list
from portal.http.cursors import KeysetPage
from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN
from portal.models import Export, Mail, Notification, Organisation, User
from tests.exporting import exported
from tests.factories import UserFactory
from tests.tenancy.test_matrix import address
from tests.world import PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db

A_CASE = "a page of one object, whose facts the evidence pack or the list it comes from holds: "
RULES = "rules of the site, which are read and set in place and leave with the backup: "
COUNTS = "counts of rows that other lists export one by one: "
NO_EXPORT = {
    **dict.fromkeys(("recalls:detail", "recalls:versions", "recalls:notice", "recalls:lead"), A_CASE + "recalls, notices"),
    **dict.fromkeys(("listings:flag", "listings:listing", "enforcement:takedown", "enforcement:escalation", "enforcement:letter",
                     "enforcement:appeal", "enforcement:record_check", "portal:webhook_delivery"), A_CASE + "evidence pack"),
    **dict.fromkeys(("enforcement:notice_board", "enforcement:product", "listings:seller"), COUNTS + "takedowns and flags"),
    **dict.fromkeys(("enforcement:board", "enforcement:wallboard", "enforcement:platform", "enforcement:escalation_figures",
                     "listings:search", "recalls:bulk"), COUNTS + "takedowns, escalations, recalls"),
    **dict.fromkeys(("enforcement:policies", "enforcement:policy_edit", "enforcement:policy_add", "enforcement:calendars",
                     "enforcement:recount", "listings:rules", "listings:rule", "listings:reading", "listings:rule_switch",
                     "portal:permissions", "portal:retention", "enforcement:letter_template"), RULES + "docs and backup"),
    **dict.fromkeys(("enforcement:send", "enforcement:send_progress", "enforcement:packs", "enforcement:statements",
                     "enforcement:takedown_redacted", "listings:import_columns",
                     "listings:import_add", "recalls:import_add", "portal:people_import", "listings:bulk"),
                    "a step of work with a form, about rows that have their own lists"),
    **dict.fromkeys(("portal:account", "portal:person_sessions", "portal:second_factors", "portal:duty", "portal:person_duty",
                     "portal:person_edit"), "everything about a person is one export of its own"),
    **dict.fromkeys(("portal:health", "enforcement:deadline_monitor", "enforcement:getting_started"),
                    "readings of this moment, which metrics give to programs"),
    "portal:exports": "the exports themselves, each with its file",
    "portal:audit_event": A_CASE + "the audit log",
    "portal:audit_verify": A_CASE + "the audit log",
    "enforcement:late_platforms": "public; regulators export it from its own list",
}  # fmt: skip


@pytest.fixture
def populated_site(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User,
    settings: Any, tmp_path: Path,
) -> PopulatedSite:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    return build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )


def lists_something(answer: Any) -> bool:
    contexts: Iterable[Any] = answer.context or ()
    pages = [context["page"] for context in contexts if "page" in context]
    return any(isinstance(page, KeysetPage) for page in pages) or "<table" in answer.content.decode()


def offers_export(answer: Any) -> bool:
    return any("components/export_list.html" in (template.source or "") for template in answer.templates)


@pytest.mark.takes(8)
def test_every_page_that_lists_something_has_an_export_or_a_reason(
    populated_site: PopulatedSite,
    admin: User,
    operator: User,
    officer: User,
    manager_a: User,
    sign_in: Callable[[User], Client],
    every_part_is_told: None,
) -> None:
    seen: dict[str, bool] = {}
    for person in (officer, manager_a, admin, operator):
        client = sign_in(person)
        for name, rule in sorted(ACCESS.items()):
            if name in seen or name.startswith(("api:", "portal:sign_")):
                continue
            if rule not in {PUBLIC, SIGNED_IN} and rule not in ROLE_PERMISSIONS[person.role]:
                continue
            answer = client.get(address(name, populated_site))
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page and lists_something(answer):
                seen[name] = offers_export(answer)
    assert len(seen) > 50
    assert set(NO_EXPORT) <= set(ACCESS)
    without = {name for name, offered in seen.items() if not offered}
    assert sorted(without - {name for name, reason in NO_EXPORT.items() if reason}) == []
    assert sorted(name for name, offered in seen.items() if offered and NO_EXPORT.get(name)) == [], "a reason too many"


SECRETS = ("kanari-secret", "kanari-old-secret", "kanari-token", "kanari-password", "kanari-credential")
"""What opens something, in places that lists export: of endpoints, of feeds, in addresses."""


@pytest.fixture
def rows(
    populated_site: PopulatedSite, platform_a: Organisation, manager_a: User, officer: User, admin: User
) -> PopulatedSite:
    """A row in every list that the populated site leaves empty, with secrets wherever a row can hold one."""
    site, url = populated_site, "https://kanari:kanari-password@hooks.example.org/in?key=kanari-token"
    type(site.webhook).objects.update(url=url, secret="kanari-secret", previous_secret="kanari-old-secret")
    type(site.scheduled_feed).objects.update(url=url, credential_name="X-Key", credential="kanari-credential")
    type(site.feed).objects.update(url=url)
    Mail.objects.create(key="m", to="a@b.example", subject="=Failed", body="kanari-token", status="failed", error="No")
    Notification.objects.create(person=officer, organisation=officer.organisation, key="k", subject="For the officer")
    site.recall_import.rows.create(record=1, number="26-1", title="=New", outcome="new")
    HeldMatch.objects.create(
        notice=site.notice, version=site.notice.version, regulator=site.recall.regulator, listing=site.listing, seller="=Seller",
        score=0.7, band="flag", signals=["same_brand"], listing_digest="x",
    )  # fmt: skip
    return site


@pytest.mark.takes(5)
def test_each_of_these_lists_leaves_with_its_rows_formula_safe_and_without_a_secret(
    rows: PopulatedSite, officer: User, manager_a: User, admin: User, operator: User, sign_in: Callable[[User], Client]
) -> None:
    of = {
        "webhook_deliveries": rows.webhook.pk, "recall_import_rows": rows.recall_import.pk, "held_matches": rows.notice.pk,
        "dry_runs": rows.recall.pk, "dry_run_results": rows.dry_run.pk, "activity": f"listings.flag:{rows.flag.pk}",
    }  # fmt: skip
    found: dict[str, list[dict[str, str]]] = {}
    for person, kinds in (
        (officer, ("recall_imports", "recall_import_rows", "recall_feeds", "held_notices", "held_matches", "dry_runs",
                   "dry_run_results", "inbox")),
        (manager_a, ("scheduled_feeds", "api_keys", "webhooks", "webhook_deliveries")),
        (admin, ("people", "organisations", "legal_holds", "activity")),
        (operator, ("failed_jobs",)),
    ):  # fmt: skip
        client = sign_in(person)
        for kind in kinds:
            assert is_list(kind)
            asked = f"/exports/of/{kind}/" + (f"?of={of[kind]}" if kind in of else "")
            text = exported(client, client.post(asked, {"format": "csv"})).decode("utf-8-sig")
            assert [secret for secret in (*SECRETS, rows.secret) if secret in text] == [], kind
            found[kind] = list(csv.DictReader(io.StringIO(text)))
            assert found[kind], kind
            cells = [cell for row in found[kind] for cell in row.values()]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], kind
    assert found["webhooks"][0]["address"] == "https://hooks.example.org/in?…"
    assert found["api_keys"][0]["begins with"] == rows.key.prefix
    assert found["failed_jobs"][0]["job"] == "To a@b.example", "and not what the mail is about"
    assert {row["object type"] for row in found["activity"]} >= {"listings.flag", "enforcement.takedown"}


def test_rows_of_one_object_leave_only_to_those_who_see_it(
    rows: PopulatedSite, moderator_b: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    stranger = UserFactory(role="platform_manager", organisation=moderator_b.organisation)
    client = sign_in(stranger)
    for asked in (f"of={rows.webhook.pk}", "of=x", "of=99999999999999999999", ""):
        client.post(f"/exports/of/webhook_deliveries/?{asked}", {"format": "jsonl"})
        made = services.run_export(Export.objects.latest("pk"))
        assert (made.status, "no longer exists" in made.error) == ("failed", True), asked
    assert client.post("/exports/of/people/").status_code == 403
    assert sign_in(officer).post("/exports/of/failed_jobs/").status_code == 403
