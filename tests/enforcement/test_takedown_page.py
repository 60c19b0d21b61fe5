"""The takedown page explains why a listing was removed late."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.models import User
from portal.templatetags.offshelf import late_by
from tests.enforcement.conftest import Case

pytestmark = pytest.mark.django_db


def test_it_shows_the_delay_and_only_to_an_admin_the_link_to_the_audit_log(
    case: Case, admin: User, moderator_a: User, client: Client
) -> None:
    takedown = case.takedown
    takedown.refresh_from_db()
    assert takedown.met_at is not None
    client.force_login(admin)
    page = client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()
    assert f"<strong>{late_by(takedown.met_at, takedown.due_at).capitalize()}.</strong>" in page
    link = f"{reverse('portal:audit')}?subject_type=listings.flag&amp;subject_id={takedown.flag_id}"
    assert link in page
    events = client.get(link.replace("&amp;", "&")).content.decode()
    assert f"Flag <bdi>{takedown.flag_id}</bdi>" in events
    client.force_login(moderator_a)
    assert link not in client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()


def test_a_filter_shows_no_label_for_a_hidden_field(admin: User, client: Client) -> None:
    client.force_login(admin)
    page = client.get(reverse("portal:audit")).content.decode()
    assert 'name="subject_id"' in page
    assert "Subject id" not in page
