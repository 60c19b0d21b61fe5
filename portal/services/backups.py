"""When the newest backup was made: what tells operators that there has been none for too long."""

from datetime import datetime

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from portal.database.acting import as_system
from portal.models import Pulse
from portal.readings import age

PULSE = "backup"


def note_backup(*, made_at: datetime) -> None:
    """Keep the moment of a backup that is complete. Raises DatabaseError, for example where the schema is an older one."""
    with as_system("notes its own backup"), transaction.atomic():
        Pulse.objects.update_or_create(name=PULSE, defaults={"at": made_at, "detail": ""})


def seconds_since_backup() -> float:
    """Seconds since the moment of the newest backup; since the database was made, where there is none."""
    at = Pulse.objects.filter(name=PULSE).values_list("at", flat=True).first()
    return age(at or MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"])
