"""The page "Who may do what" says what the access rules say, and only admins read it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.identity.access import IN_SANDBOXES, PLATFORM_SCOPES, REGULATOR_SCOPES, ROLE_PERMISSIONS
from portal.models import Role, User
from portal.permission_words import PERMISSION_WORDS

pytestmark = pytest.mark.django_db


def test_the_table_is_what_the_rules_are(admin: User, officer: User, sign_in: Callable[[User], Client]) -> None:
    page = sign_in(admin).get("/people/permissions/").content.decode()
    rows = re.findall(r'<code dir="ltr">([a-z_.]+)</code></small>\s*</th>(.*?)</tr>', page, re.DOTALL)
    shown = {name: re.findall(r"\b(Yes|No)\b", cells) for name, cells in rows}
    expected = {
        name: ["Yes" if name in ROLE_PERMISSIONS[role] else "No" for role in Role.values]
        for name in frozenset().union(*ROLE_PERMISSIONS.values())
    }
    assert shown == expected
    assert "recalls:add" in page
    assert sign_in(officer).get("/people/permissions/").status_code == 403


def test_every_permission_has_words() -> None:
    groups = (*ROLE_PERMISSIONS.values(), *PLATFORM_SCOPES.values(), *REGULATOR_SCOPES.values(), IN_SANDBOXES)
    assert set(PERMISSION_WORDS) == frozenset().union(*groups)
    assert len(set(PERMISSION_WORDS.values())) == len(PERMISSION_WORDS), "one sentence, one permission"


def test_health_names_the_regulators_that_require_no_second_factor(
    operator: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(operator)
    assert officer.organisation.name == "Product Safety Authority"
    assert "Not required at Product Safety Authority" in client.get("/health/").content.decode()
    type(operator.organisation).objects.update(second_factor_required=True)
    enforced = Client()
    enforced.force_login(operator)
    session = enforced.session
    session["factor_at"] = "2026-03-02T15:00:00+00:00"
    session.save()
    assert "Every regulator requires one." in enforced.get("/health/").content.decode()


def test_a_page_that_a_role_may_not_open_names_the_permission_to_ask_for(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(officer).get("/people/")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Your role does not allow this: Invite and manage people. Ask an admin who may do it." in page
    assert "person.manage" not in page, "a name for programs"
    assert "may not do this" not in page, "that sentence is for programs, in English"
