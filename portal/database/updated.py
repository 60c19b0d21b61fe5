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


def touches(name: str, above: type[models.Model], column: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """What changes here is shown there, too: notes the change in the row of `above` that `column` names, unless this
    transaction has written that row already."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        func=(
            f"UPDATE {above._meta.db_table} SET updated_at = clock_timestamp() "  # noqa: S608  names of our own models
            f"WHERE id = NEW.{column} AND xmin <> pg_current_xact_id()::xid; RETURN NULL;"
        ),
    )
