"""Every page in a real browser: no accessibility violation, no message of the content security policy, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from django.urls import NoReverseMatch, reverse

from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN
from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_PAGES = {
    "healthz",
    "health_live",
    "health_ready",
    "health_startup",
    "health_work",
    "metrics",
    "portal:sign_out",
    "portal:home",
    "portal:notifications_read",
    "portal:session_end",
    "portal:person_sign_in",
    "portal:account_link",
    "portal:password_choose",  # opened through a link, in tests/browser/test_passkeys.py
    "portal:password_new",
    "portal:second_step",
    "portal:factor_passkey",
    "portal:audit_verify",
    "portal:audit_export",
    "portal:export_progress",
    "portal:export_cancel",
    "portal:export_delete",
    "portal:export_file",
    "recalls:revise",
    "recalls:picture",
    "listings:picture",
    "recalls:import_progress",
    "recalls:import_rejects",
    "listings:rejects_export",
    "recalls:import_cancel",
    "recalls:notice_acknowledge",
    "recalls:edit",
    "listings:flag_claim",
    "listings:flag_release",
    "listings:claim_next",
    "listings:flag_hand_over",
    "listings:undo",
    "listings:bulk_claim",
    "listings:view_save",
    "listings:message_post",
    "listings:messages_read",
    "listings:attachment",
    "listings:reading_preview",
    "listings:dry_run_progress",
    "listings:dry_run_cancel",
    "listings:bulk_decide",
    "enforcement:letter_send",
    "enforcement:letter_pdf",
    "enforcement:calendar_day_add",
    "listings:flag_decide",
    "listings:flag_answer",
    "listings:flag_overrule",
    "listings:import_progress",
    "listings:import_rejects",
    "listings:import_cancel",
    "enforcement:record_check",
    "enforcement:check_now",
    "recalls:feed_fetch",
    "recalls:import_template",
    "recalls:import_columns",
    "recalls:import_confirm",
    "recalls:import_submit",
    "enforcement:takedown_pack",
    "enforcement:notice_pack",
    "portal:webhook_test",
    "portal:webhook_enable",
    "portal:webhook_disable",
    "portal:webhook_replay",
    "api:schema",
}  # fmt: skip  posts, redirects, fragments and downloads


def pages_for(person: User, populated_site: PopulatedSite) -> list[str]:
    """The addresses of every page that the person's role opens: from the URL table, so that a new page is covered."""
    found = []
    for name, rule in ACCESS.items():
        if name in NO_PAGES or (name.startswith("api:") and name != "api:docs"):
            continue
        if rule not in {PUBLIC, SIGNED_IN} and rule not in ROLE_PERMISSIONS[person.role]:
            continue
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            found.append(reverse(name, kwargs=populated_site.kwargs(name)))
    if reverse("listings:bulk") in found:
        found.append(f"{reverse('listings:bulk')}?all=yes")  # its other state: flags to decide
    found += [f"{reverse('listings:search')}?q={word}" for word in ("heater", "nothing-at-all")]
    return sorted(set(found))


COLLEAGUE = {"admin": "officer", "manager_a": "moderator_a"}
"""Whose pages the first of each two share, to be walked once."""
OWN_ACTS = ("/flags/", "/takedowns/", "/escalations/", "/recalls/", "/notices/", "/letters/", "/public-listings/")
"""Pages on which each role finds acts of its own."""


def own_pages(who: str, populated_site: PopulatedSite, request: pytest.FixtureRequest) -> list[str]:
    """Every page of a role, less those that a colleague has just the same."""
    pages = pages_for(request.getfixturevalue(who), populated_site)
    if who not in COLLEAGUE:
        return pages
    shared = set(pages_for(request.getfixturevalue(COLLEAGUE[who]), populated_site))
    return [page for page in pages if page not in shared or page.startswith(OWN_ACTS)]


@pytest.mark.parametrize(
    ("who", "width", "dark"),
    [
        ("officer", 1440, False),
        ("moderator_a", 1440, True),
        ("manager_a", 320, False),
        ("admin", 1440, False),
        ("admin", 320, False),
        ("officer", 320, True),
        ("moderator_a", 320, True),
    ],
)
def test_every_page_is_accessible_and_quiet(
    who: str,
    width: int,
    dark: bool,
    populated_site: PopulatedSite,
    visit: Callable[..., Visit],
    request: pytest.FixtureRequest,
) -> None:
    person: User = request.getfixturevalue(who)
    seen, found = visit(person, width=width, dark=dark), []
    addresses = own_pages(who, populated_site, request)
    assert len(addresses) >= 12
    for address in addresses:
        found += problems(seen.open(address))
    assert not found, "\n".join(found)
    allowed = ("404 (Not Found)", "403 (Forbidden)")
    assert [line for line in seen.complaints if not any(word in line for word in allowed)] == []
