"""Events from a day on, or up to one. Days begin in the reader's zone; asked for as moments, an index finds them, which it does
not for the day of each moment."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from portal.models import AuditEvent


def from_day(events: QuerySet[AuditEvent], _name: str, day: date) -> QuerySet[AuditEvent]:
    """From the first moment of a day on."""
    return events.filter(at__gte=_midnight(day))


def up_to_day(events: QuerySet[AuditEvent], _name: str, day: date) -> QuerySet[AuditEvent]:
    """Up to the last moment of a day."""
    return events.filter(at__lt=_midnight(day + timedelta(days=1))) if day < date.max else events


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
