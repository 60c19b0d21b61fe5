"""The published recalls for everybody: what is published and nothing else, in pages, as Atom and JSON-LD that parse."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings as site
from django.test import Client

from portal.models import Organisation
from recalls.models import Recall, RecallVersion
from tests.factories import NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
ATOM, JSON_LD = "/recalls/published.atom", "/recalls/published.jsonld"
IN = {"a": "http://www.w3.org/2005/Atom"}
DAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.PUBLISHED_FEED = True


def numbers(address: str = JSON_LD) -> list[str]:
    return [each["item"]["reportNumber"] for each in Client().get(address).json()["dataFeedElement"]]


def parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314  what we wrote ourselves


def published(regulator: Organisation, number: str, **fields: Any) -> Recall:
    recall: Recall = RecallFactory(regulator=regulator, number=number, **fields)
    return recall


def test_only_what_is_published_now_is_told_and_only_as_the_version_in_force_says(
    regulator: Organisation, platform_a: Organisation
) -> None:
    recall = published(regulator, "26-001", title="Heater <recalled> & 召回")
    for status in ("draft", "in_review", "withdrawn"):
        published(regulator, f"not-{status}", status=status, title="Secret draft")
    published(regulator, "not-embargoed", status="embargoed", publish_at=DAY, title="Secret embargo")
    published(regulator, "not-sample", is_sample=True, title="Secret sample")
    RecallVersion.objects.create(recall=recall, version=2, title="Secret next version", published_at=None)
    NoticeFactory(recall=recall, platform=platform_a, message="Secret message")
    for address in (ATOM, JSON_LD):
        answer = Client().get(address)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Secret" not in text
        assert platform_a.name not in text
        assert "The heater can overheat, posing a fire hazard." in text
    [item] = [each["item"] for each in Client().get(JSON_LD).json()["dataFeedElement"]]
    assert item["headline"] == "Heater <recalled> & 召回"
    assert item["publisher"] == {
        "@type": "GovernmentOrganization", "name": "Product Safety Authority", "areaServed": "US",
    }  # fmt: skip
    assert item["about"] == [
        {
            "@type": "Product",
            "name": "Hearthline Ceramic Tower Heaters",
            "brand": {"@type": "Brand", "name": "Hearthline"},
            "model": ["HL-200R"],
            "gtin": ["00012345678905"],
        }
    ]
    [entry] = parsed(Client().get(ATOM).content).findall("a:entry", IN)
    assert entry.findtext("a:title", namespaces=IN) == "26-001: Heater <recalled> & 召回"
    assert entry.findtext("a:id", namespaces=IN) == f"{site.BASE_URL}{ATOM}#{recall.pk}"


def test_the_risk_level_is_told_where_a_recall_carries_one(regulator: Organisation) -> None:
    silent, serious = published(regulator, "26-001"), published(regulator, "26-002")
    RecallVersion.objects.filter(recall=serious).update(risk_level="serious")
    items = {row["item"]["reportNumber"]: row["item"] for row in Client().get(JSON_LD).json()["dataFeedElement"]}
    assert "keywords" not in items[silent.number]
    assert items[serious.number]["keywords"] == {
        "@type": "DefinedTerm", "inDefinedTermSet": f"{site.BASE_URL}{JSON_LD}#risk-level", "termCode": "serious",
        "name": "Risk level: serious",
    }  # fmt: skip
    entries = parsed(Client().get(f"{ATOM}?regulator={regulator.slug}").content).findall("a:entry", IN)
    told = {
        entry.findtext("a:title", "", IN)[:6]: [
            (each.get("term"), each.get("label"))
            for each in entry.findall("a:category", IN)
            if each.get("scheme") == f"{site.BASE_URL}{ATOM}#risk-level"
        ]
        for entry in entries
    }
    assert told == {"26-001": [], "26-002": [("serious", "Risk level: serious")]}


def test_a_withdrawn_recall_leaves_the_list(regulator: Organisation) -> None:
    recall = published(regulator, "26-001")
    assert numbers() == ["26-001"]
    Recall.objects.filter(pk=recall.pk).update(status="withdrawn")
    assert numbers() == []


def test_pages_are_bounded_and_linked_and_each_recall_is_on_one_of_them(regulator: Organisation) -> None:
    for number in range(120):
        published(regulator, f"R-{number}", published_at=DAY + timedelta(minutes=number // 3))
    seen: list[str] = []
    address = f"{JSON_LD}?regulator={regulator.slug}"
    sizes = []
    for _ in range(5):
        answer = Client().get(address)
        page = [each["item"]["reportNumber"] for each in answer.json()["dataFeedElement"]]
        sizes.append(len(page))
        seen += page
        given = (each.partition("; ") for each in answer.get("Link", "").split(", ") if each)
        links = {kind: link for link, _, kind in given}
        if 'rel="next"' not in links:
            break
        address = links['rel="next"'].strip("<>").removeprefix(site.BASE_URL)
        assert f"regulator={regulator.slug}" in address
    assert sizes == [50, 50, 20]
    assert (len(seen), len(set(seen)), seen[0]) == (120, 120, "R-119")
    root = parsed(Client().get(ATOM).content)
    assert len(root.findall("a:entry", IN)) == 50
    relations = {link.get("rel"): link.get("href") for link in root.findall("a:link", IN)}
    assert set(relations) >= {"self", "first", "next"}
    second = parsed(Client().get(str(relations["next"]).removeprefix(site.BASE_URL)).content)
    assert len(second.findall("a:entry", IN)) == 50


def test_one_regulators_recalls_can_be_asked_for_and_a_stranger_is_not_there(regulator: Organisation) -> None:
    other = Organisation.objects.create(kind="regulator", name="Elsewhere", slug="elsewhere")
    published(regulator, "mine")
    published(other, "theirs")
    assert numbers(f"{JSON_LD}?regulator=elsewhere") == ["theirs"]
    assert sorted(numbers()) == ["mine", "theirs"]
    for wrong in ("?regulator=bazaarly", "?regulator=%27;--"):
        assert Client().get(JSON_LD + wrong).status_code == 404
    assert Client().get(f"{ATOM}?after=%5B1%5D").status_code == 400
    assert Client().post(ATOM).status_code in {403, 405}


@pytest.mark.parametrize("address", [ATOM, JSON_LD])
def test_a_reader_who_has_the_page_already_gets_304_until_it_changes(address: str, regulator: Organisation) -> None:
    published(regulator, "26-001")
    first = Client().get(address)
    assert first["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    again = Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    published(regulator, "26-002")
    changed = Client().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_no_text_stops_the_feed_for_the_other_recalls(regulator: Organisation) -> None:
    hostile = "a\x0b\x1b\ufffe\u202eb]]>&<script>\u2028" + "x" * 20_000
    bad = published(regulator, "bad", title=hostile, product={"name": hostile, "brand": "\x01"})
    RecallVersion.objects.filter(recall=bad).update(hazard=hostile, url="javascript:alert(1)")
    published(regulator, "good")
    root = parsed(Client().get(ATOM).content)
    assert len(root.findall("a:entry", IN)) == 2
    for link in root.iter("{http://www.w3.org/2005/Atom}link"):
        assert str(link.get("href")).startswith(f"{site.BASE_URL}/")
    assert sorted(numbers()) == ["bad", "good"]
    assert len(Client().get(ATOM).content) < 60_000


def test_the_feed_can_be_closed(regulator: Organisation, settings: Any) -> None:
    published(regulator, "26-001")
    settings.PUBLISHED_FEED = False
    assert [Client().get(address).status_code for address in (ATOM, JSON_LD)] == [404, 404]
