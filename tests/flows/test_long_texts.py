"""What one side writes is shown whole on the other side's pages, mailed and kept for good: so every text has an end."""

import json
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.test import Client
from rest_framework import serializers

from enforcement import services as enforcement
from enforcement.models import Extension, Policy
from portal.api.serializers import StrictSerializer
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, User
from portal.texts import MAX_NOTE
from tests.world import PopulatedSite

APPS = ("portal", "recalls", "listings", "enforcement")
TOO_LONG = "x" * (MAX_NOTE + 1)
STAYS_HERE = (forms.HiddenInput, forms.PasswordInput)
"""What is compared, hashed or signed, and shown to nobody."""
BY_PATTERN = (forms.RegexField,)


def below(cls: type[Any]) -> Iterator[type[Any]]:
    for each in cls.__subclasses__():
        yield each
        yield from below(each)


def ours(cls: type[Any]) -> set[type[Any]]:
    """All classes of the product below one, in every module that has forms or bodies of calls."""
    for app in APPS:
        for module in pkgutil.walk_packages(import_module(app).__path__, f"{app}."):
            if "forms" in module.name or "serializers" in module.name or ".api" in module.name:
                import_module(module.name)
    return {each for each in below(cls) if each.__module__.partition(".")[0] in APPS}


def test_every_text_of_a_form_has_an_end() -> None:
    endless = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in ours(forms.BaseForm)
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and field.max_length is None
        if not isinstance(field, BY_PATTERN) and not isinstance(field.widget, STAYS_HERE)
    }
    assert endless == {"portal.sign_in_forms.SignInForm.username"}, "which is cut to the length of an address"


def test_every_text_of_a_call_has_an_end_but_those_of_listings_which_cost_their_row() -> None:
    endless = set()
    for body in ours(StrictSerializer):
        for name, field in body().get_fields().items():
            text = getattr(field, "child", field)
            if isinstance(text, serializers.CharField) and text.max_length is None and not text.read_only:
                endless.add((body.__name__, name))
    assert {body for body, _ in endless} == {"ListingItemSerializer"}


@pytest.mark.django_db
def test_a_reason_without_end_by_page_or_call_moves_nothing_and_reaches_nobody(
    populated_site: PopulatedSite, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    def written() -> list[int]:
        return [model.objects.count() for model in (AuditEvent, Extension, Notification)]

    takedown, before = populated_site.takedown, written()
    program = Client(HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}")
    asked = program.post(
        f"/api/v1/takedowns/{takedown.flag_id}/extension",
        json.dumps({"amount": 1, "reason": TOO_LONG}),
        content_type="application/json",
    )
    assert asked.status_code == 422
    assert asked.json()["errors"] == {"reason": ["Ensure this field has no more than 10000 characters."]}
    page = sign_in(moderator_a).post(f"/takedowns/{takedown.pk}/extend/", {"amount": "1", "reason": TOO_LONG})
    assert page.status_code == 422
    assert "at most 10000 characters" in page.content.decode()
    assert written() == before


@pytest.mark.django_db
def test_a_policy_has_a_hundred_rescans_at_most(admin: User) -> None:
    plan = tuple(range(3_600, 3_600 * 102, 3_600))
    content = enforcement.PolicyContent(name="Often", amount=6, unit="hours", rescans=plan)
    with pytest.raises(forms.ValidationError, match="at most"):
        enforcement.create_policy(regulator=admin.organisation, content=content, actor=Actor.person(admin))
    assert not Policy.objects.exists()
