"""The Celery application: worker and beat start from here.

The broker only hurries work along: everything a task does is found again in the database by a sweep.
"""

import gc
import os

from celery import Celery
from celery.signals import worker_before_create_process, worker_process_init

from portal.tied import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("offshelf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_before_create_process.connect
def _share_memory(**_kwargs: object) -> None:
    """What is loaded now, the processes of the pool share with the worker: the collector no longer writes to it."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def _pool_process_dies_with_worker(**_kwargs: object) -> None:
    die_with_parent()
