"""When a row was last changed, noted by the database itself: whatever statement changes it, none forgets to."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now


def updated_at() -> models.DateTimeField:
    """The column that `keeps_updated_at` writes."""
    return models.DateTimeField(db_default=Now(), editable=False)


def keeps_updated_at(name: str) -> pgtrigger.Trigger:
    """The moment of the statement, in each row that it changes. A change that changes nothing is none."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
        func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
    )
