"""The documentation's page: every call once, in a group, with its example and the answer that it really got; and searched."""

import re
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from portal.api import docs
from portal.api.examples import examples
from portal.api.schema_view import schema_in
from tests.portal.test_api_coverage import operations

pytestmark = pytest.mark.django_db


def page(client: Client, query: str = "") -> str:
    return unescape(client.get("/api/docs", {"q": query} if query else {}).content.decode())


def headings(text: str) -> list[str]:
    return re.findall(r"<h3>([A-Z]+ /api/v1/\S+)</h3>", text)


def test_every_call_is_there_once_with_an_example_and_a_real_answer(client: Client) -> None:
    text = page(client)
    assert sorted(headings(text)) == sorted(call.replace(" ", " /api/v1/") for call in operations())
    anchors = re.findall(r'<article class="wb-card" id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors)) == len(headings(text))
    assert set(re.findall(r'<a href="#([^"]+)"><code>[A-Z]+ /api', text)) == set(anchors)
    for call, example in examples().items():
        assert example.shown in text, call
        assert f"requests.{example.method.lower()}(" in text


def test_calls_are_found_by_words_of_their_address_their_fields_and_what_they_do(client: Client) -> None:
    assert headings(page(client, "change_note")) == [
        "POST /api/v1/recalls/{id}/versions/publish",
        "POST /api/v1/sandbox/notices/{id}/version",
    ]
    assert "POST /api/v1/takedowns/{flag_id}/pause" in headings(page(client, "running clock"))
    assert headings(page(client, "POST sendings preview")) == ["POST /api/v1/sendings/preview"]
    nothing = page(client, "<script>alert(1)</script>")
    assert headings(nothing) == []
    assert "No call has all these words" in nothing
    assert b"<script>alert(1)" not in client.get("/api/docs", {"q": "<script>alert(1)</script>"}).content


def article(text: str, anchor: str) -> str:
    """What the page says of one call, without markup."""
    inner = text.split(f'<article class="wb-card" id="{anchor}"')[1].split("</article>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


def test_a_call_says_its_scope_what_is_required_and_how_it_can_fail(client: Client) -> None:
    text = page(client)
    decide = article(text, "post-flags-id-decide")
    assert "Scope of the key: flags Example" in decide, "and no other: GET flags has more"
    assert "kind one of removed, geo_restricted, not_the_product," in decide
    assert re.search(r"kind one of [a-z_, ]+, required", decide)
    assert "Errors: 400 401 403 404" in decide
    assert "Scope of the key: flags or observations or oversight:read or oversight:write" in article(text, "get-flags")
    assert "Scope of the key: catalogue Example" in article(text, "patch-listings-external_id"), "more than GET takes"
    assert "recalls:write and exports" in article(text, "post-recall-imports-id-rejects-export")
    assert "Open; asked_seller: Seller asked" in article(text, "get-flags"), "the values with what they mean"
    assert "* `" not in text
    assert "status query, one of asked_seller, claimed_removed," in article(text, "get-flags")
    linked = set(re.findall(r'href="/api/docs/errors#(status-\d+)"', text))
    explained = set(re.findall(r'id="(status-\d+)"', client.get("/api/docs/errors").content.decode()))
    assert linked <= explained
    assert {"status-400", "status-412", "status-507"} <= linked


def test_calls_are_drawn_once_for_all_readers_and_again_for_another_address_of_the_site(
    client: Client, settings: Any
) -> None:
    before = page(client)
    with patch.object(docs, "render_to_string", side_effect=AssertionError("it was drawn again")):
        assert headings(page(client)) == headings(before)
        assert headings(page(client, "change_note")) == [
            "POST /api/v1/recalls/{id}/versions/publish",
            "POST /api/v1/sandbox/notices/{id}/version",
        ]
    settings.BASE_URL = "https://recalls.example.gov"
    assert "https://recalls.example.gov/api/v1/" in page(client)
    assert "https://recalls.example.gov/api/v1/" not in before


def test_how_to_take_one_listing_off_sale_is_said(client: Client) -> None:
    text = page(client)
    assert 'href="#patch-listings-external_id"' in text
    assert 'id="patch-listings-external_id"' in text


def test_the_schema_is_made_once_a_language_whatever_is_asked(client: Client, settings: Any) -> None:
    asked = [{}, {"lang": "de"}, {"lang": "xx"}, {"version": "9"}, {"format": "json"}]
    first = [client.get("/api/v1/schema", query) for query in asked]
    with patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError("it was made again")):
        again = [client.get("/api/v1/schema", query) for query in asked]
    assert [answer.content for answer in again] == [answer.content for answer in first]
    english, german, unknown, version, as_json = first
    assert english.content == unknown.content == version.content != german.content
    assert yaml.safe_load(english.content) == as_json.json()
    docs._groups.cache_clear()
    docs._articles.cache_clear()
    with patch.object(SchemaGenerator, "get_schema", side_effect=AssertionError("it was made again")):
        assert len(headings(page(client))) > 100, "the page is made from the same schema"
    assert schema_in.cache_info().currsize <= len(settings.LANGUAGES)
