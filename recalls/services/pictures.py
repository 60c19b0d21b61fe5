"""Pictures of recalls: which may be asked for."""

from django.db.models import Exists, OuterRef, QuerySet

from portal.media.thumbnails import settled, waiting
from recalls.models import Notice, Picture


def pictures_due() -> QuerySet[Picture]:
    """Pictures of versions that are on some platform's list, no one having asked for them yet. Those of others are
    left alone: asking for the pictures of a draft would tell its firm."""
    sent = Notice.objects.active().filter(version=OuterRef("version"))
    return Picture.objects.filter(Exists(sent), ~settled("url"), ~waiting("url")).order_by("pk")
