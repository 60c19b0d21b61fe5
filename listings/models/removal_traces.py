"""What a removed listing showed, for finding the same product again under another name."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from listings.models.flags import Flag
from portal.models import Organisation


class RemovalTrace(models.Model):
    """What was learnt of a listing that a person had removed, as it was flagged (listings/services/removal_traces.py).

    `keys` are candidate keys by which others are found, `runs` the runs of words that are its own
    (listings/matching/copies.py). It goes when the flag is no longer removed, claimed or confirmed
    (listings/services/flags.py: change_status).
    """

    flag = models.OneToOneField(Flag, on_delete=models.CASCADE, primary_key=True, related_name="trace")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    keys = ArrayField(models.TextField(), default=list)
    runs = ArrayField(models.BigIntegerField(), default=list)
    learnt_at = models.DateTimeField(default=timezone.now)
    pictures_sought_at = models.DateTimeField(
        null=True, help_text="When listings that may show the same picture were last looked for."
    )

    def __str__(self) -> str:
        return f"trace of flag {self.flag_id}"
