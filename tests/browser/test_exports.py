"""Exports in a browser: asked for, left, come back to, fetched; every state can be read by everyone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from enforcement.evidence_packs.verification import check_pack
from portal import services
from portal.models import Export, User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_moderator_asks_for_a_pack_leaves_comes_back_and_takes_it_away(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    Export.objects.all().delete()
    seen = visit(moderator_a)
    page = seen.open(f"/takedowns/{populated_site.takedown.pk}/")
    page.click("button:has-text('Evidence pack')")
    page.wait_for_selector("text=You can leave this page")
    page.click("header a:has-text('Takedowns')")
    page.click("footer a:has-text('Your exports')")
    page.click("th a:has-text('Evidence pack of a takedown')")
    page.wait_for_selector("text=Queued")
    services.run_export(Export.objects.get())
    page.wait_for_selector("text=1 takedown")  # by itself
    with page.expect_download() as started:
        page.click("a:has-text('Download')")
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    assert path.name.startswith(f"offshelf-takedown-{populated_site.takedown.pk}-")
    assert check_pack(path).problems == []
    page.click("button:has-text('Delete file')")
    page.wait_for_selector("text=The file was deleted")
    page.click(f"a:has-text('{populated_site.listing.external_id}')")
    page.wait_for_url(f"**/takedowns/{populated_site.takedown.pk}/")
    assert seen.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (320, True)])
def test_every_state_of_an_export_is_accessible(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit], width: int, dark: bool
) -> None:
    shared = {"person": moderator_a, "organisation": moderator_a.organisation, "kind": "takedown_pack", "unit": "takedowns",
              "title": "Evidence pack of a takedown", "filename": "offshelf-takedown-1.zip", "detail": "L-1, Bazaarly"}  # fmt: skip
    states = [
        Export.objects.create(**shared, **state)
        for state in (
            {"status": "queued"},
            {"status": "running", "progress": 40, "counted": 1},
            {"status": "failed", "error": "[Errno 28] No space left on device"},
            {"status": "cancelled"},
            {"status": "done", "progress": 100, "size": 5_000, "counted": 1},
        )
    ]
    seen, found = visit(moderator_a, width=width, dark=dark), []
    for address in ["/exports/", *(f"/exports/{row.pk}/" for row in [*states, populated_site.export])]:
        found += problems(seen.open(address))
    assert not found, "\n".join(found)
    assert seen.complaints == []
