"""What another regulator's admin, and the operator of the site, are told of a case: nothing, by page, log or export."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement.services import watch_clocks
from listings.models import CatalogueImport
from portal.background import sweeping
from portal.identity.access import ROLE_PERMISSIONS
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, User
from portal.services import edit_organisation, edit_person
from tests.exporting import exported
from tests.tenancy.test_matrix import text_of
from tests.world import CANARY, PopulatedSite

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["other_admin", "operator"])
def test_the_audit_log_and_its_export_tell_another_regulator_and_the_operator_of_no_case(
    who: str,
    populated_site: PopulatedSite,
    sign_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
    admin: User,
) -> None:
    client, url = sign_in(request.getfixturevalue(who)), reverse("portal:audit_export")
    assert CANARY not in exported(client, client.post(url)).decode()
    assert CANARY in exported(sign_in(admin), sign_in(admin).post(url)).decode()
    case = reverse("enforcement:history", args=["listings.flag", populated_site.flag.pk])
    assert CANARY not in text_of(client, case)[1]
    about_case = AuditEvent.objects.filter(subject_type="listings.flag").first()
    assert about_case is not None
    assert client.get(reverse("portal:audit_event", args=[about_case.pk])).status_code == 404


def test_an_operator_sees_what_is_done_to_organisations_and_people_and_an_admin_that_of_their_own(
    populated_site: PopulatedSite, sign_in: Callable[[User], Client], admin: User, other_admin: User, operator: User
) -> None:
    edit_person(person=admin, actor=Actor.person(operator), name="Ines Duarte-Silva")
    edit_organisation(organisation=admin.organisation, actor=Actor.person(operator), country="DE")
    for person, sees in ((operator, True), (admin, True), (other_admin, False)):
        body = text_of(sign_in(person), reverse("portal:audit"))[1]
        assert ("Duarte-Silva" in body, "Product Safety Authority" in body) == (sees, sees), person.role


def test_no_role_may_do_what_moves_a_case_and_manage_organisations() -> None:
    of_site = {"organisation.manage", "retention.manage", "health.view", "rule.switch", "job.retry"}
    assert of_site <= ROLE_PERMISSIONS["operator"]
    for role, granted in ROLE_PERMISSIONS.items():
        assert role == "operator" or not of_site & granted, role
    of_case = ("recall.", "notice.", "listing.", "flag", "takedown.", "escalation.view", "letter.", "message.", "pack.", "key.",
               "board.", "held.", "exclusion.", "seller_link.", "public_listing.", "webhook.", "person.export")  # fmt: skip
    assert [name for name in ROLE_PERMISSIONS["operator"] if name.startswith(of_case)] == []


@pytest.mark.parametrize("who", ["other_admin", "operator"])
def test_what_rings_and_what_failed_tells_them_of_no_case(
    who: str, populated_site: PopulatedSite, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    """Failed jobs of a case, and an alarm about them."""
    person: User = request.getfixturevalue(who)
    takedown = populated_site.takedown
    sweeping.set_aside(takedown, sweep="trial", error=ValueError(f"unreadable: {CANARY}"))
    Mail.objects.create(key="m", to="x@example.org", subject=CANARY, body=CANARY, status="failed", error="451 later")
    done = {"status": "failed", "finished_at": timezone.now(), "error": f"OSError: {CANARY}"}
    CatalogueImport.objects.create(platform=takedown.platform, kind="full", filename=CANARY, **done)
    watch_clocks()
    client = sign_in(person)
    status, page = text_of(client, reverse("enforcement:failed_jobs"))
    assert (status, CANARY in page) == (200 if who == "operator" else 403, False)
    told = list(Notification.objects.filter(person=person).values_list("subject", "body"))
    assert bool(told) == (who == "operator")
    assert CANARY not in str(told)
    for name in ("portal:notifications", "portal:health", "enforcement:deadline_monitor"):
        assert CANARY not in text_of(client, reverse(name))[1], name
