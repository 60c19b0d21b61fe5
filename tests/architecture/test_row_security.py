"""Every table with a tenant has policies or a reason for having none; few modules may reach over the wall."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from portal.database import policies, roles, row_security
from portal.models import Organisation, User

ROOT = Path(settings.BASE_DIR)
REACH_OVER = {
    "enforcement/checks/services/observations.py": "what a check proves moves clock, ladder and letters",
    "enforcement/evidence_packs/services/case.py": "events of erasure belong to no side",
    "enforcement/clocks/services/timing.py": "a request for more time, and its answer, are told to the other side",
    "enforcement/letters/views/public_listing.py": "what is published is for everybody",
    "enforcement/exports.py": "the export of failed jobs leaves out what they are about",
    "enforcement/oversight/services/failed_jobs.py": "failed jobs are of all sides; who retries them sees no case",
    "enforcement/oversight/views/failed_jobs.py": "the list of them leaves out what they are about",
    "enforcement/sandbox/regulator.py": "the regulator of a sandbox is a tenant of its own",
    "enforcement/sandbox/services.py": "a platform's sandbox is a tenant of its own",
    "enforcement/redaction/case.py": "names of both sides are looked for, so that they can be taken out",
    "enforcement/receivers.py": "clocks and ladders belong to both sides",
    "listings/models/seller_links.py": "whether a mail left says what became of a link",
    "listings/querysets.py": "how many listings of all catalogues have a key, for the regulator's preview",
    "listings/receivers.py": "flags are closed with the notice, and let go with the person",
    "listings/search.py": "no index of words serves behind a policy; only keys come of it",
    "listings/services/exclusions.py": "a regulator's exclusion makes listings due that it does not see",
    "listings/services/rule_trials.py": "listings without a flag, of the regulator's own notices",
    "listings/services/seller_links.py": "a link is looked up before it is known whose case it is; mail is nobody's to read",
    "listings/services/upserts.py": "rows of the API are stored as those of a file are",
    "portal/api/authentication.py": "a key is looked up before it is known who acts",
    "portal/audit/__init__.py": "whoever acts adds to the log",
    "portal/audit/reach.py": "the number of the newest event, whoever may see it",
    "portal/audit/rights.py": "whose account or key it is, whatever they may see",
    "portal/audit/sealing.py": "the chain holds the events of all sides",
    "portal/identity/api_keys.py": "who has somebody leave ends their keys, also those of a side that they do not see",
    "portal/notifications/outbox.py": "messages go to the other side",
    "portal/readings.py": "numbers of the whole site for health checks and metrics",
    "portal/retention/registry.py": "a hold keeps what it names, whoever may see the hold",
    "portal/retention/running.py": "how much a run would delete of the whole site",
    "portal/services/account_links.py": "mail is nobody's to read",
    "portal/services/mail_domains.py": "a mail domain belongs to one organisation, whoever may see which",
    "portal/services/backups.py": "notes its own backup",
    "portal/services/saved_views.py": "views are their organisation's, mail is nobody's to read",
    "portal/services/erasure.py": "what names a person is on every side",
    "portal/views/audit.py": "the chain holds the events of all sides",
    "portal/views/health.py": "numbers of the whole site",
    "portal/views/scim.py": "a directory is known by its token, and keeps its own organisation's people",
    "recalls/services/incident_news.py": "the other regulators of an incident hear of what is published",
    "recalls/services/incidents.py": "a lead is of two regulators, and each sees what the other has published",
    "recalls/views/published.py": "what is published is for everybody, whoever they are",
    "recalls/receivers.py": "notices of every regulator are mailed again to a new address",
}
BEGIN = {"manage.py", "portal/background/traces.py", "portal/api/authentication.py"}
"""Where a process, a task or a call says in whose name it works from then on."""


def points_at(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}  # type: ignore[misc]


def with_a_tenant() -> Iterator[type[models.Model]]:
    """Organisations, people, and whatever hangs on one, however far."""
    found, more = {Organisation, User}, True
    every = list(apps.get_models(include_auto_created=True))
    while more:
        more = {model for model in every if model not in found and points_at(model) & found}  # type: ignore[assignment]
        found |= more
    return iter(sorted(found, key=lambda model: model._meta.label))


@pytest.mark.parametrize("model", [pytest.param(model, id=model._meta.label) for model in with_a_tenant()])
def test_a_table_with_a_tenant_has_policies_or_says_why_not(model: type[models.Model]) -> None:
    table = model._meta.db_table
    reason = row_security.reasons_left_open().get(table)
    assert (table in row_security.guarded()) or reason, (
        f"{model._meta.label} has a tenant and no rule. Add one line to {model._meta.app_label}/row_rules.py, for example "
        f'"{model._meta.label}": tenant(platform="platform_id"), or through("flag_id", "listings.Flag"); migrate does the rest.'
    )


def test_the_tables_without_policies_are_few_and_hold_no_case() -> None:
    assert sorted(row_security.reasons_left_open()) == [
        "enforcement_controlcheck", "portal_accountlink", "portal_auditseal", "portal_factorreset", "portal_organisation",
        "portal_secondfactor", "portal_session", "portal_signonaccount", "portal_singlesignon", "portal_user",
        "portal_user_groups", "portal_user_user_permissions",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_database_enables_and_forces_what_is_declared() -> None:
    with connection.cursor() as cursor:
        assert policies.problems(cursor) == []
        assert policies.not_leakproof(cursor) == []
        cursor.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert cursor.fetchone()[0] == len(row_security.guarded())


def test_the_guide_has_what_a_superuser_runs_where_the_owner_is_none() -> None:
    guide = (ROOT / "docs/operations/database.md").read_text(encoding="utf-8")
    for function in policies.LEAKPROOF:
        assert f"ALTER FUNCTION pg_catalog.{function} LEAKPROOF;" in guide
    for setting, value in roles.QUIET.items():
        assert re.search(rf"(?m)^ALTER ROLE offshelf SET {setting} = '?{value}'?;$", guide), setting


def calls(path: Path, *names: str) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        (isinstance(func, ast.Name) and func.id in names)
        or (isinstance(func, ast.Attribute) and func.attr in names and getattr(func.value, "id", "") == "acting")
        for func in called
    )


def sources() -> Iterator[Path]:
    yield ROOT / "manage.py"
    for app in ("portal", "recalls", "listings", "enforcement"):
        yield from (path for path in (ROOT / app).rglob("*.py") if not path.is_relative_to(ROOT / "portal/database"))


def test_few_modules_reach_over_the_wall_and_each_says_why() -> None:
    found = {str(path.relative_to(ROOT)) for path in sources() if calls(path, "as_system")}
    assert found == set(REACH_OVER)


def test_few_places_say_who_acts_from_now_on() -> None:
    assert {str(path.relative_to(ROOT)) for path in sources() if calls(path, "begin")} >= BEGIN
    begun = {path for path in sources() if "acting.begin(" in path.read_text(encoding="utf-8")}
    assert {str(path.relative_to(ROOT)) for path in begun} == BEGIN
