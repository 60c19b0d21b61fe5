"""Up to when the changes of a table are all there to be read, for programs that copy it round by round.

A row bears the moment of its change (portal/database/updated.py) and can be read when its transaction commits, which may
be much later. Whoever asks for what changed since the newest row they have would never see a row that bears an older
moment and came after it. So a round reads up to the moment before which nobody who is still writing can have begun.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model

from portal.database.acting import acting

OVERLAP = timedelta(minutes=10)
"""How far back it is asked again where nobody can say when a writer began."""

# Whoever writes to a table has locked it before the statement begins, and holds that until what it wrote can be seen. A row
# bears no moment from before its transaction. A statement that is just being read has no lock yet: it is waited for by its age.
# The sessions of another role than ours (the owner, who migrates) do not say when they began.
_BEGAN = """
SELECT least(statement_timestamp(), min(began)) FROM (
  SELECT CASE WHEN who.query = '<insufficient privilege>' THEN statement_timestamp() - make_interval(secs => %(overlap)s)
    ELSE who.xact_start END
  FROM pg_locks JOIN pg_database here ON here.oid = database JOIN pg_stat_activity who USING (pid)
  WHERE here.datname = current_database() AND relation = %(table)s::regclass AND pid <> pg_backend_pid() AND mode IN
    ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  UNION ALL
  SELECT query_start FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
    AND query_start > statement_timestamp() - interval '1 second'
) AS writers (began)
"""


def complete_until(model: type[Model]) -> datetime:
    """The moment before which each change of the table that anybody committed, or will commit, is there to be read by
    whoever reads after this call. Now, where nobody else is writing to it."""
    with acting(None), connection.cursor() as cursor:  # our own role is told about its sessions; a tenant's is not
        if connection.in_atomic_block:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # what a transaction read of the sessions, it keeps
        cursor.execute(_BEGAN, {"table": model._meta.db_table, "overlap": OVERLAP.total_seconds()})
        until: datetime = cursor.fetchone()[0]
        return until
