"""Everything that the pages can do for a platform and a regulator goes through the API, or has a reason why not."""

from django.conf import settings

from portal.api.schema_view import schema_in
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES, ROLE_PERMISSIONS
from tests.portal.api_coverage import CALLS, REASONS

PREFIX = "/api/v1/"
ALONE = {
    "GET key",
    "GET checks",
    "GET searches",
    "POST searches",
    "GET sendings",
    "GET innocents",
    "POST innocents/{id}/withdraw",
}
"""Calls that no page has: for programs alone, or lists that a page has in passing, or earlier addresses."""


def operations() -> set[str]:
    paths = schema_in(settings.LANGUAGE_CODE)["paths"]
    found = {
        f"{method.upper()} {path.removeprefix(PREFIX)}"
        for path, methods in paths.items()
        for method in methods
        if method in {"get", "post", "put", "patch", "delete"}
    }
    return found - {"GET schema"}


def test_every_page_has_its_calls_or_a_reason() -> None:
    pages = {name for name in ACCESS if not name.startswith("api:")}
    assert CALLS.keys() | REASONS.keys() == pages
    assert not CALLS.keys() & REASONS.keys()
    assert all(reason.strip() for reason in REASONS.values())


def test_every_call_that_a_page_names_is_there_and_every_call_has_a_page() -> None:
    named = {call for calls in CALLS.values() for call in calls}
    assert named - operations() == set()
    assert operations() - named == ALONE


def test_every_permission_of_a_call_is_in_a_scope_of_whom_it_is_for() -> None:
    granted = {
        "regulator": frozenset().union(*REGULATOR_SCOPES.values()),
        "platform": frozenset().union(*PLATFORM_SCOPES.values()),
    }
    rules = {rule for name, rule in ACCESS.items() if name.startswith("api:") and rule != "public"}
    regulators = ROLE_PERMISSIONS["regulator_staff"] | ROLE_PERMISSIONS["admin"]
    platforms = ROLE_PERMISSIONS["platform_manager"]
    assert rules & regulators <= granted["regulator"]
    assert rules & platforms <= granted["platform"]
    assert granted["platform"] <= platforms, "no key of a platform may do more than its manager"
