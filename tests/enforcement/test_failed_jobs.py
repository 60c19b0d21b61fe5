"""Failed jobs: one list with reasons, each retried alone or all together, by operators only, who see no case in it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from enforcement import services
from enforcement.checks.services.removal_checks import MAX_ATTEMPTS
from enforcement.escalations.services.steps import SWEEP
from enforcement.models import CheckPlan, Takedown
from listings.models import CatalogueImport
from portal.background.sweeping import set_aside
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Mail, Organisation, SetAside, User
from recalls.models import RecallImport
from tests.factories import FlagFactory, HookFactory, NoticeFactory

pytestmark = pytest.mark.django_db
PAGE = "/failed-jobs/"


@pytest.fixture
def failed_rows(regulator: Organisation, platform_a: Organisation, officer: User) -> Takedown:
    """One failed job of each kind at Bazaarly."""
    takedown = services.start_clock(flag=FlagFactory(notice=NoticeFactory(platform=platform_a)))
    checked = services.start_clock(flag=FlagFactory(notice=NoticeFactory(platform=platform_a)))
    set_aside(takedown, sweep=SWEEP, error=ValueError("broken step"))
    CheckPlan.objects.filter(pk=checked.pk).update(
        next_at=None, attempts=MAX_ATTEMPTS + 1, error="OSError: broken check"
    )
    for number in range(2):
        Mail.objects.create(
            key=f"m{number}",
            to="x@example.org",
            subject=f"Mail {number}",
            body="…",
            status="failed",
            attempts=10,
            error="451 broken post",
        )
    HookFactory(endpoint__organisation=platform_a, key="h", status="failed", attempts=12, error="broken hook")
    over = {"status": "failed", "attempts": 6, "error": "broken file", "finished_at": timezone.now()}
    CatalogueImport.objects.create(
        platform=platform_a, kind="full", filename="f.csv", file=ContentFile(b"x", "f.csv"), **over
    )
    RecallImport.objects.create(regulator=regulator, filename="r.json", file=ContentFile(b"x", "r.json"), **over)
    Export.objects.create(person=officer, organisation=regulator, kind="period_pack", filename="p.zip", **over)
    return takedown


def test_an_operator_sees_each_with_its_reason_and_no_case_and_tries_one_of_them_again(
    failed_rows: Takedown, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    page = client.get(PAGE).content.decode()
    for shown in ("ValueError", "OSError", "broken post", "broken hook", "broken file", "x@example.org"):
        assert shown in page
    for hidden in ("broken step", "broken check", "Mail 0", "f.csv", "r.json", "p.zip"):
        assert hidden not in page, "it may tell of a case"
    one = Mail.objects.get(key="m0")
    assert client.post(PAGE, {"group": "mail", "only": one.pk}).status_code == 302
    assert {mail.key: (mail.status, mail.attempts) for mail in Mail.objects.all()} == {
        "m0": ("queued", 0),
        "m1": ("failed", 10),
    }
    event = AuditEvent.objects.get(action="mail.retried")
    assert (event.user, event.subject_id) == (operator, str(one.pk))


def test_all_are_tried_again_at_once_and_the_list_is_empty_then(
    failed_rows: Takedown, operator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    client.post(PAGE)
    told = {"mail.retried": 2, "hook.retried": 1, "set_aside.retried": 1, "takedown.check_retried": 1,
            "catalogue_import.retried": 1, "recall_import.retried": 1, "export.retried": 1}  # fmt: skip
    assert {action: AuditEvent.objects.filter(action=action).count() for action in told} == told
    assert (CatalogueImport.objects.get().status, CatalogueImport.objects.get().attempts) == ("queued", 0)
    assert CheckPlan.objects.filter(next_at__lte=timezone.now(), attempts=0).count() == 1
    assert SetAside.objects.filter(next_attempt_at__lte=timezone.now()).count() == 1
    services.sweep_escalations()
    assert "No failed jobs" in client.get(PAGE).content.decode()


def test_a_row_set_aside_is_kept_while_it_breaks(
    failed_rows: Takedown, operator: User, sign_in: Callable[[User], Client]
) -> None:
    Takedown.objects.filter(pk=failed_rows.pk).update(terms={})
    client = sign_in(operator)
    kept = SetAside.objects.get()
    page = client.get(PAGE).content.decode()
    assert f"Steps of the ladder: Takedown {failed_rows.pk}" in page
    assert "1 attempt" in page
    client.post(PAGE, {"group": "aside", "only": kept.pk})
    event = AuditEvent.objects.get(action="set_aside.retried")
    assert (event.user, event.before["error"]) == (operator, "ValueError: broken step")
    services.sweep_escalations()
    kept.refresh_from_db()
    assert (kept.attempts, kept.error) == (2, "KeyError: 'steps'")
    assert Mail.objects.filter(status="failed").count() == 2, "only the one was tried again"


def test_an_old_feed_is_not_tried_again_after_a_newer_one(
    failed_rows: Takedown, platform_a: Organisation, operator: User
) -> None:
    CatalogueImport.objects.create(platform=platform_a, kind="full", filename="newer.csv", status="done")
    assert services.retry(actor=Actor.person(operator), group="catalogue") == 0
    assert CatalogueImport.objects.get(filename="f.csv").status == "failed"


def test_nobody_else_sees_or_tries_them(
    failed_rows: Takedown, officer: User, admin: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    for person in (officer, admin, moderator_a):
        assert sign_in(person).get(PAGE).status_code == 403
        assert sign_in(person).post(PAGE).status_code == 403
        with pytest.raises(PermissionDenied):
            services.retry(actor=Actor.person(person))
    assert Mail.objects.filter(status="failed").count() == 2
    assert SetAside.objects.filter(next_attempt_at__gt=timezone.now()).exists()
    assert not AuditEvent.objects.filter(action__endswith="retried").exists()
