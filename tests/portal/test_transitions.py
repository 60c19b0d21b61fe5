"""`move` is the only way a status changes: one row, one event, all or nothing."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from portal.identity.actors import Actor
from portal.models import AuditEvent, User
from portal.transition_tables import Transition, TransitionTable
from portal.transitions import IllegalTransition, LostRace, move
from recalls.models import Recall
from tests.factories import RecallFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(db: None) -> Recall:
    return RecallFactory(status="draft", published_at=None)


def test_a_move_changes_the_row_and_writes_what_it_was_before(
    draft: Recall, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    move(draft, "in_review", actor=as_actor(officer), priority="urgent")
    draft.refresh_from_db()
    assert (draft.status, draft.priority) == ("in_review", "urgent")
    event = AuditEvent.objects.get(action="recall.submitted")
    assert event.before == {"status": "draft", "priority": "normal"}
    assert event.after == {"status": "in_review", "priority": "urgent"}
    assert event.user == officer


def test_a_move_that_the_table_does_not_have_is_refused_and_moves_nothing(draft: Recall, system: Actor) -> None:
    with pytest.raises(IllegalTransition, match="cannot become published"):
        move(draft, "published", actor=system)
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not AuditEvent.objects.exists()


def test_someone_without_the_permission_is_refused_and_moves_nothing(
    draft: Recall, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        move(draft, "in_review", actor=as_actor(moderator_a))
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_move_that_needs_a_reason_is_refused_without_one(draft: Recall, system: Actor) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        move(draft, "withdrawn", actor=system, reason="  ")


def test_who_comes_second_loses_and_changes_nothing(draft: Recall, system: Actor) -> None:
    stale = Recall.objects.get(pk=draft.pk)
    move(draft, "in_review", actor=system)
    with pytest.raises(LostRace, match="Someone else changed it first"):
        move(stale, "in_review", actor=system)
    assert AuditEvent.objects.count() == 1


def test_buttons_are_the_moves_the_actor_may_make(
    officer: User, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    assert {step.target for step in Recall.transitions.open_to(as_actor(officer), "draft")} == {
        "in_review",
        "withdrawn",
    }
    assert Recall.transitions.open_to(as_actor(moderator_a), "draft") == []


def test_a_table_that_lists_a_move_twice_is_an_error() -> None:
    step = Transition("a", "b", "x", "y")
    with pytest.raises(ValueError, match="twice"):
        TransitionTable(step, step)
