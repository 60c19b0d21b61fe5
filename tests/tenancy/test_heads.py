"""HEAD asks what GET would answer: whoever asks for the headers alone has downloaded, received and read nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from portal.identity.access import PLATFORM_SCOPES
from portal.models import AuditEvent, Export, User
from recalls.models import Notice
from tests.tenancy.test_matrix import API_NAMES, PAGES, address, key_of
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ONE_SITE = True

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
OF_EACH_REQUEST = {"portal_session", "portal_apikey", "portal_trycount", "portal_auditseal", "portal_pulse"}
"""That a session or key is in use, and how often it asks, is noted of every request; events that are there are sealed."""


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that are written to meanwhile."""
    found: set[str] = set()

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := _WRITES.match(str(sql)):
            found.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        yield found


def test_the_headers_of_an_export_are_no_download(sign_in: Callable[[User], Client], manager_a: User) -> None:
    row = Export.objects.create(
        person=manager_a, organisation=manager_a.organisation, kind="catalogue", arguments={"query": ""}, title="L",
        filename="l.csv", status="done", size=5,
    )  # fmt: skip
    row.file.save("l.csv", ContentFile(b"a,b\r\n"))
    page, api = f"/exports/{row.pk}/file/", f"/api/v1/exports/{row.pk}/file"
    key = key_of(manager_a.organisation, manager_a, PLATFORM_SCOPES)
    downloads = AuditEvent.objects.filter(action="export.downloaded", subject_id=str(row.pk))
    for answer in (sign_in(manager_a).head(page), Client().head(api, **key)):
        assert answer.getvalue() == b""
        assert (answer.status_code, answer["Content-Length"]) == (200, "5")
    assert not downloads.exists()
    assert sign_in(manager_a).get(page).getvalue() == Client().get(api, **key).getvalue() == b"a,b\r\n"
    assert downloads.count() == 2


def test_the_headers_of_a_notice_do_not_deliver_it(populated_site: PopulatedSite) -> None:
    key = {"HTTP_AUTHORIZATION": f"Bearer {populated_site.secret}"}
    notice = Notice.objects.filter(platform=populated_site.takedown.platform).first()
    assert notice is not None
    Notice.objects.filter(pk=notice.pk).update(delivered_at=None)
    assert Client().head(f"/api/v1/notices/{notice.pk}", **key).status_code == 200
    notice.refresh_from_db()
    assert notice.delivered_at is None
    assert Client().get(f"/api/v1/notices/{notice.pk}", **key).json()["delivered_at"] is not None


@pytest.mark.parametrize("who", ["officer", "admin", "moderator_a", "manager_a", "operator"])
def test_no_address_writes_anything_for_whoever_asks_for_its_headers(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    client, wrote, answered = sign_in(request.getfixturevalue(who)), {}, 0
    for name in PAGES:
        with writes() as tables:
            answer = client.head(address(name, populated_site))
            answer.getvalue()
        answered += answer.status_code == 200
        if tables - OF_EACH_REQUEST:
            wrote[name] = sorted(tables - OF_EACH_REQUEST)
    assert wrote == {}
    assert answered >= 15, "whoever is not signed in writes nothing either"


def test_no_address_of_the_api_writes_anything_for_whoever_asks_for_its_headers(populated_site: PopulatedSite) -> None:
    Notice.objects.update(delivered_at=None)
    key, wrote, answered = {"HTTP_AUTHORIZATION": f"Bearer {populated_site.secret}"}, {}, 0
    for name in API_NAMES:
        with writes() as tables:
            answer = Client().head(address(name, populated_site), **key)
            answer.getvalue()
        answered += answer.status_code == 200
        if tables - OF_EACH_REQUEST:
            wrote[name] = sorted(tables - OF_EACH_REQUEST)
    assert wrote == {}
    assert answered >= 15, "a key that is refused writes nothing either"
