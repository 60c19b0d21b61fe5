"""Who knows only /api/docs reaches the first decision: the blocks of that page, one after the other, with what they print."""

import json
import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

from listings.models import Flag
from tests.client.conftest import Site
from tests.client.test_integrate import Shell, site

__all__ = ["site"]
pytestmark = pytest.mark.django_db(transaction=True)


def blocks_of(page: str) -> list[str]:
    section = page.split('id="first-decision"')[1].split("</section>", maxsplit=1)[0]
    return [unescape(block) for block in re.findall(r"<pre[^>]*>(.*?)</pre>", section, re.DOTALL)]


def answer(printed: str) -> Any:
    return json.loads(printed)


def test_the_documentation_leads_from_the_key_to_a_decision(site: Site, home: Path, settings: Any) -> None:
    settings.BASE_URL = site.url
    begin, notices, acknowledge, listings, flags, decide = blocks_of(
        requests.get(f"{site.url}/api/docs", timeout=30).text
    )
    shell = Shell(home, {**os.environ})
    assert "ofs_sandbox_…" in begin
    shell.run(begin.replace("ofs_sandbox_…", site.secret))

    shown = {row["recall_number"]: row for row in answer(shell.run(notices))["results"]}
    assert shown["SANDBOX-1"]["recall"]["products"][0]["model_numbers"] == ["HL-200R"]
    notice = shown["SANDBOX-1"]["id"]
    assert "NOTICE=1\n" in acknowledge
    assert answer(shell.run(acknowledge.replace("NOTICE=1", f"NOTICE={notice}")))["acknowledged_at"] is not None

    assert [row["result"] for row in answer(shell.run(listings))["results"]] == ["created", "created"]
    site.work()
    [flag] = answer(shell.run(flags))["results"]
    assert (flag["listing"]["id"], flag["recall_number"]) == ("A-1", "SANDBOX-1")
    assert "FLAG=1 SEEN=open:0\n" in decide
    given = decide.replace("FLAG=1 SEEN=open:0", f"FLAG={flag['id']} SEEN={flag['seen']}")
    assert answer(shell.run(given))["status"] == "claimed_removed"
    shell.close()
    assert Flag.objects.get().status == "claimed_removed"
