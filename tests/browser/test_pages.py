"""Every page in a real browser: no accessibility violation, no message of the content security policy, nothing wider than the screen."""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import pytest
from django.urls import NoReverseMatch, reverse
from selectolax.lexbor import LexborHTMLParser

from portal.identity.access import ACCESS, PUBLIC, ROLE_PERMISSIONS, SIGNED_IN
from portal.models import User
from tests.browser.accessible import count, problems, problems_at
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
    "recalls:published_atom",
    "recalls:published_jsonld",
    "recalls:assessment_sign",
    "recalls:file",
    "recalls:file_audience",
    "recalls:lead",  # needs a second regulator; opened in tests/recalls/test_incidents.py
    "enforcement:sandbox_create",
    "enforcement:sandbox_key",
    "enforcement:sandbox_key_revoke",
    "enforcement:sandbox_enter",
    "enforcement:sandbox_leave",
    "enforcement:sandbox_reset",  # asks where there is a sandbox; in tests/enforcement/test_sandbox.py
    "enforcement:sandbox_remove",
    "enforcement:sandbox_regulator",  # in a sandbox alone; in tests/enforcement/test_sandbox_regulator.py
    "enforcement:sandbox_version",
    "enforcement:sandbox_withdraw",
    "enforcement:sandbox_answer",
    "enforcement:sandbox_time",
    "enforcement:sandbox_miss",
    "portal:sign_out",
    "portal:scim_config",
    "portal:scim_types",
    "portal:scim_type",
    "portal:scim_schemas",
    "portal:scim_schema",
    "portal:scim_users",
    "portal:scim_user",
    "portal:home",
    "portal:notification",  # leads to what a message is about, in tests/portal/test_inbox.py
    "portal:notifications_read",
    "portal:session_end",
    "portal:person_sign_in",
    "portal:person_export",
    "portal:account_link",
    "portal:password_choose",  # opened through a link, in tests/browser/test_passkeys.py
    "portal:password_new",
    "portal:second_step",
    "portal:factor_passkey",
    "portal:audit_verify",
    "portal:saved_view",
    "portal:list_columns",
    "portal:audit_export",
    "portal:export_progress",
    "portal:export_cancel",
    "portal:export_delete",
    "portal:export_file",
    "recalls:revise",
    "recalls:version_submit",
    "recalls:version_discard",  # of a version in work, in tests/recalls/test_revisions.py
    "recalls:version_return",  # of a version in review, in tests/recalls/test_returned_versions.py
    "recalls:picture",
    "listings:picture",
    "listings:uploads",
    "listings:upload",
    "listings:upload_import",
    "listings:upload_delete",
    "recalls:import_progress",
    "recalls:import_rejects",
    "listings:rejects_export",
    "listings:shared_codes_export",
    "recalls:import_cancel",
    "recalls:notice_acknowledge",
    "recalls:edit",
    "listings:flag_claim",
    "listings:flag_release",
    "listings:claim_next",
    "listings:flag_hand_over",
    "listings:undo",
    "listings:bulk_claim",
    "listings:message_post",
    "listings:messages_read",
    "listings:attachment",
    "listings:seller_link_revoke",
    "enforcement:seller_link",
    "enforcement:seller_page",  # opened through a link, in tests/browser/test_seller_door.py
    "listings:reading_preview",
    "listings:dry_run_progress",
    "listings:dry_run_cancel",
    "listings:bulk_decide",
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
    "portal:list_export",
    "listings:scheduled_feed_fetch",
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
        if name in NO_PAGES or name.startswith("api:"):  # api:docs, as long as a book, has a walk of its own below
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


COLLEAGUE = {"admin": "officer", "manager_a": "moderator_a", "operator": "admin"}
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


Look = tuple[int, Literal["light", "dark"]]
"""Width of the window, and colours."""
FORMS = "main form[method=post]:has([required]:not([type=hidden]))"
"""What is refused when it is sent as it is."""


def served_forms(page: str) -> int:
    """How many forms of that kind are in a page as the server wrote it."""
    return len(LexborHTMLParser(page).css(FORMS))


def walk(seen: Visit, addresses: list[str], looks: list[Look]) -> None:
    """Open each page once, in the look that the page before was left in, and look at it in all of them."""
    found = []
    for address in addresses:
        page = seen.open(address)
        found += problems(page)
        assert count(page, FORMS) == served_forms(seen.served), f"{address}: a script adds or takes a form"
        for (former, _), (width, scheme) in pairwise(looks):
            page.emulate_media(color_scheme=scheme)
            found += problems_at(page, width, in_other_colours=width == former)
        looks = looks[::-1]
    assert not found, "\n".join(found)
    allowed = ("404 (Not Found)", "403 (Forbidden)")
    assert [line for line in seen.complaints if not any(word in line for word in allowed)] == []


@pytest.mark.takes(30)
@pytest.mark.parametrize(
    ("who", "looks"),
    [
        ("officer", [(1440, "light"), (320, "dark")]),
        ("moderator_a", [(1440, "dark"), (320, "dark")]),
        ("manager_a", [(320, "light")]),
        ("admin", [(1440, "light"), (320, "light")]),
        ("operator", [(1440, "dark"), (320, "light")]),
    ],
)
def test_every_page_is_accessible_and_quiet(
    who: str,
    looks: list[Look],
    populated_site: PopulatedSite,
    visit: Callable[..., Visit],
    request: pytest.FixtureRequest,
) -> None:
    person: User = request.getfixturevalue(who)
    width, scheme = looks[0]
    seen = visit(person, width=width, dark=scheme == "dark")
    addresses = own_pages(who, populated_site, request)
    assert len(addresses) >= (5 if who == "operator" else 12)
    walk(seen, addresses, looks)


@pytest.mark.takes(17)
def test_the_page_of_the_api_is_accessible_and_quiet(moderator_a: User, visit: Callable[..., Visit]) -> None:
    """It is the same for every role, and fifty times as long as others: all looks of it are had at one opening."""
    walk(visit(moderator_a), [reverse("api:docs")], [(1440, "light"), (1440, "dark"), (320, "dark")])
