"""The Celery application: worker and beat start from here.

The broker only speeds up work: everything that a task does is also found in the database by a sweep.
"""

import gc
import os
import sys

from celery import Celery
from celery.signals import celeryd_after_setup, worker_before_create_process, worker_process_init

from portal.background import queues, traces  # noqa: F401  traces goes with every task
from portal.local.parent_death import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("offshelf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(task_routes=[queues.route], task_annotations=[queues.Limits()], beat_schedule=queues.SCHEDULE)
app.autodiscover_tasks()


@celeryd_after_setup.connect
def _refuse_unsafe_role(**_kwargs: object) -> None:
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  the settings are ready only now

    from portal.database.roles import refuse_at_start  # noqa: PLC0415  likewise

    try:
        refuse_at_start()
    except ImproperlyConfigured as error:
        sys.exit(f"Offshelf does not start: {error}")  # Celery swallows every other exception of a receiver


@worker_before_create_process.connect
def _share_memory(**_kwargs: object) -> None:
    """Modules loaded so far are shared by the pool's processes with the worker: the collector no longer writes to them."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def _pool_process_dies_with_worker(**_kwargs: object) -> None:
    die_with_parent()
