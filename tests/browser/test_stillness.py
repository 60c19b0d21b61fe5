"""Nothing moves under the reader, and what a browser fetches is what benchmarks/weight.py counts."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from benchmarks import weight
from portal.models import User
from tests.browser.conftest import Visit
from tests.growth import grow
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHIFTS = """() => new Promise((told) => {
  let total = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) total += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  const drawn = (then) => requestAnimationFrame(() => requestAnimationFrame(then)); // once more, at least
  drawn(() => setTimeout(() => drawn(() => told(total)), 250));
})"""


def moved(page: Page) -> float:
    """Cumulative layout shift of the page since it was asked for, as browsers measure it."""
    found: float = page.evaluate(SHIFTS)
    return found


@pytest.mark.parametrize(("who", "width"), [("officer", 1440), ("moderator_a", 390)])
def test_main_pages_do_not_move_while_they_load(
    who: str, width: int, populated_site: PopulatedSite, visit: Callable[..., Visit], request: pytest.FixtureRequest
) -> None:
    grow(populated_site, 1, 3)
    person: User = request.getfixturevalue(who)
    seen = visit(person, width=width)
    slow = seen.page.context.new_cdp_session(seen.page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})  # a cheap phone paints a page before all of it is there
    fetched: set[str] = set()
    seen.page.on("response", lambda answer: fetched.add(urlsplit(answer.url).path))
    names = ["listings:queue", "listings:flag", "enforcement:takedown", "enforcement:escalations", "recalls:detail"]
    if who == "officer":
        names += ["enforcement:board", "enforcement:send"]
    for name in names:
        fetched.clear()
        page = seen.open(
            reverse(name) if name in {"listings:queue", "enforcement:escalations", "enforcement:board", "enforcement:send"}
            else reverse(name, kwargs=populated_site.kwargs(name))
        )  # fmt: skip
        assert moved(page) < 0.001, name
        counted = {f"/static/{file}" for file in weight.files_of(page.content().encode())}
        assert {path for path in fetched if path.startswith("/static/")} <= counted, name
    page.evaluate(
        "document.querySelector('main').prepend(Object.assign(document.createElement('p'), {textContent: 'late'}))"
    )
    assert moved(page) > 0  # the measure does measure
