"""The Celery application: worker and beat start from here.

The broker only hurries work along: everything a task does is found again in the database by a sweep.
"""

import os

from celery import Celery
from celery.signals import worker_process_init

from portal.tied import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("offshelf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _pool_process_dies_with_worker(**_kwargs: object) -> None:
    die_with_parent()
