"""A large catalogue leaves the browser in parts: it stops with the line, and goes on after a reload with the same file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from listings import services
from listings.models import CatalogueImport, CatalogueUpload
from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = b"id,title\n" + b"".join(b"A-%d,Lamp %d\n" % (n, n) for n in range(900))


def test_an_upload_goes_on_after_a_pause_a_break_and_a_reload(
    manager_a: User, visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr("listings.views.imports.PART", 4_000)
    catalogue = tmp_path / "große Liste.csv"
    catalogue.write_bytes(FILE)
    seen = visit(manager_a)
    page, sent = seen.open("/catalogue/imports/add/"), [0]

    def until_the_line_breaks(route: Route) -> None:
        sent[0] += 1
        if sent[0] > 2:
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(r"/catalogue/uploads/\d+/$"), until_the_line_breaks)
    page.set_input_files("#id_file", catalogue)
    page.click("main button:has-text('Import catalogue')")
    told = page.locator("[data-told]")
    expect(told).to_have_text(re.compile("Connection lost"))
    page.click("[data-pause]")
    expect(page.locator("[data-pause]")).to_have_text("Resume")
    assert problems(page) == []
    assert CatalogueUpload.objects.get().received == 4_000
    page.unroute_all()
    page.reload()
    expect(page.locator("main")).to_contain_text(
        re.compile(r"große Liste.csv: .* uploaded. Choose this file again to continue.")
    )

    catalogue.write_bytes(FILE.replace(b"Lamp", b"Bulb"))
    page.set_input_files("#id_file", catalogue)
    page.click("main button:has-text('Import catalogue')")
    expect(page.locator("[data-reason]")).to_contain_text("not the file that was begun")
    assert CatalogueUpload.objects.get().received == 4_000

    catalogue.write_bytes(FILE)
    page.set_input_files("#id_file", catalogue)
    page.click("main button:has-text('Import catalogue')")
    page.wait_for_url(re.compile(r"/catalogue/imports/\d+/$"))
    services.run_imports_due()
    job = CatalogueImport.objects.get()
    assert (job.status, job.added, Path(job.file.path).read_bytes()) == ("done", 900, FILE)
    assert [line for line in seen.complaints if "ERR_FAILED" not in line] == []
