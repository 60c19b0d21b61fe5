"""Pages in the states that a populated walk does not meet: without rows, refused forms, the open dialog, the keyboard, less motion."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page, Response, TimeoutError  # noqa: A004  Playwright's own

from portal.identity.access import ACCESS, ROLE_PERMISSIONS, SIGNED_IN
from portal.models import User
from tests.browser.accessible import count, problems
from tests.browser.conftest import Visit
from tests.browser.test_pages import COLLEAGUE, FORMS, NO_PAGES, own_pages, served_forms
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lists_of(role: str, without: str | None) -> list[str]:
    """The addresses that need no object: every list and every form to add something."""
    found = []
    for name, rule in ACCESS.items():
        if name in NO_PAGES or name.startswith("api:"):
            continue
        shared = without is not None and (rule == SIGNED_IN or rule in ROLE_PERMISSIONS[without])
        if not shared and (rule == SIGNED_IN or rule in ROLE_PERMISSIONS[role]):
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
    return found


@pytest.mark.parametrize(
    ("who", "width", "dark"),
    [("officer", 1440, False), ("moderator_a", 320, True), ("manager_a", 1440, True), ("admin", 320, False)],
)
def test_pages_without_a_row_are_accessible_and_say_so(
    who: str, width: int, dark: bool, visit: Callable[..., Visit], request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    colleague: User | None = request.getfixturevalue(COLLEAGUE[who]) if who in COLLEAGUE else None
    seen, found, empty = visit(person, width=width, dark=dark), [], 0
    addresses = lists_of(person.role, colleague.role if colleague else None)
    for address in addresses:
        page = seen.open(address)
        found += problems(page)
        empty += count(page, ".wb-empty-page, .wb-done")
    assert not found, "\n".join(found)
    assert empty >= (1 if colleague else 6), f"only {empty} of {len(addresses)} pages say that there is nothing yet"
    assert seen.complaints == []


SENT_BY = "button:not([type=button])"
SEND_AS_IT_IS = f"""form => {{ form.closest("details")?.setAttribute("open", ""); form.noValidate = true; form.querySelectorAll("[required]").forEach(field => {{
  if (field.type === "checkbox" || field.type === "radio") field.checked = false; else if (field.tagName !== "SELECT") field.value = "";
}});
  const of = name => form.querySelector("{SENT_BY}").getAttribute(name), own = name => form.getAttribute(name);
  const to = of("hx-post") ?? of("formaction") ?? own("hx-post") ?? own("action") ?? "";
  return new URL(to, document.baseURI).href.split("#")[0];
}}"""
"""Makes a form ready to be sent with nothing that is required in it, and says where it goes."""


def answers_to(address: str) -> Callable[[Response], bool]:
    """Whether an answer is that to a form which was sent there."""
    return lambda answer: (answer.request.method, answer.url) == ("POST", address)


ON_WHAT_IS_WRONG = ":focus:is([role=alert], .wb-errs, .wb-errs *, [aria-invalid=true])"


@pytest.mark.takes(18)
@pytest.mark.parametrize(
    ("who", "width", "dark"),
    [("officer", 1440, False), ("moderator_a", 1440, True), ("manager_a", 320, False), ("admin", 320, True)],
)
def test_refused_forms_are_accessible_and_the_focus_is_on_what_is_wrong(
    who: str,
    width: int,
    dark: bool,
    populated_site: PopulatedSite,
    visit: Callable[..., Visit],
    sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
) -> None:
    person: User = request.getfixturevalue(who)
    seen, found, refused = visit(person, width=width, dark=dark), [], 0
    client = sign_in(person)
    for address in own_pages(who, populated_site, request):
        # The walk through all pages (test_pages.py) proves that a browser finds the forms that the server wrote.
        for place in range(served_forms(client.get(address).content.decode())):
            page = seen.open(address)
            form = page.locator(FORMS).nth(place)
            to = form.evaluate(SEND_AS_IT_IS)
            # A page may send something by itself meanwhile, as the preview of an editor is asked for.
            with page.expect_response(answers_to(to)) as sent:
                form.locator(SENT_BY).first.evaluate("button => { button.focus(); button.click(); }")
            if sent.value.status != 422:
                seen.start_again()  # what was taken leads elsewhere, which would cut off what is opened next
                continue
            refused += 1
            try:
                page.wait_for_selector(ON_WHAT_IS_WRONG, state="attached", timeout=10_000)
            except TimeoutError:
                where = page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
                found.append(f"{address}: the focus is on {where}")
            page.wait_for_load_state()
            found += [f"after a refusal, {one}" for one in problems(page)]
    assert not found, "\n".join(found)
    assert refused >= 2
    assert [line for line in seen.complaints if "422" not in line and "40" not in line] == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True)])
def test_the_open_dialog_is_accessible(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit], width: int, dark: bool
) -> None:
    page = visit(moderator_a, width=width, dark=dark).open("/queue/")
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    assert problems(page) == []
    assert page.evaluate("document.activeElement.closest('#help') !== null")


FOCUSED = """() => {
  const field = document.activeElement, isDrawn = field.matches(".usa-radio__input, .usa-checkbox__input"); // by its label
  const element = isDrawn ? field.labels[0] : field, box = element.getBoundingClientRect();
  const style = getComputedStyle(element, isDrawn ? "::before" : null);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) =>
    document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  const seen = box.width === 0 || points.some(at => at && (element.contains(at) || at.contains(element) || at.closest("label")?.control === element));
  return {name: element.outerHTML.slice(0, 120), body: field === document.body, marked, seen, tabindex: field.tabIndex};
}"""


def walk_by_tab(page: Page, most: int = 150) -> list[dict[str, Any]]:
    """Everything that Tab reaches, in order, until the page is left."""
    steps: list[dict[str, Any]] = []
    while len(steps) < most:
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step["body"]:
            return steps
        steps.append(step)
    return steps


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("moderator_a", ["listings:queue", "listings:flag", "enforcement:takedown"]),
        ("officer", ["recalls:add", "recalls:detail", "enforcement:board", "enforcement:send"]),
        ("admin", ["portal:audit", "enforcement:escalation", "enforcement:policy_edit"]),
    ],
)
@pytest.mark.parametrize("width", [1440, 320])
def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(
    who: str,
    names: list[str],
    width: int,
    populated_site: PopulatedSite,
    visit: Callable[..., Visit],
    request: pytest.FixtureRequest,
) -> None:
    seen, found = visit(request.getfixturevalue(who), width=width), []
    seen.page.emulate_media(reduced_motion="reduce")  # what slides in is where it will be
    for name in names:
        try:
            page = seen.open(reverse(name))
        except NoReverseMatch:
            page = seen.open(reverse(name, kwargs=populated_site.kwargs(name)))
        steps = walk_by_tab(page)
        assert len(steps) > 10, name
        found += [f"{name}: not marked: {step['name']}" for step in steps if not step["marked"]]
        found += [f"{name}: hidden by something: {step['name']}" for step in steps if not step["seen"]]
        found += [f"{name}: out of order: {step['name']}" for step in steps if step["tabindex"] > 0]
    assert not found, "\n".join(found)


def test_who_wants_less_motion_gets_none(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.page
    page.emulate_media(reduced_motion="reduce")
    for name in ("listings:queue", "listings:flag", "enforcement:takedown", "portal:exports"):
        try:
            seen.open(reverse(name))
        except NoReverseMatch:
            seen.open(reverse(name, kwargs=populated_site.kwargs(name)))
        moving = page.evaluate(
            """[...document.querySelectorAll("*")].filter(element => {
              const style = getComputedStyle(element), longest = text => Math.max(...text.split(",").map(parseFloat));
              return longest(style.transitionDuration) > .001 || style.animationName !== "none" && longest(style.animationDuration) > .001
                || style.scrollBehavior === "smooth";
            }).map(element => element.outerHTML.slice(0, 100))"""
        )
        assert moving == [], name
