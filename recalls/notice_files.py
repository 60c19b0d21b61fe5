"""A notice as a file for programs: what the API answers, attached to the mails about it."""

from django.conf import settings
from django.urls import reverse
from rest_framework.renderers import JSONRenderer

from portal.notifications.attachments import Attachment
from recalls.models import Notice
from recalls.serializers import NoticeSerializer


def notice_file(number: int) -> Attachment | None:
    """The notice as it is now: after a change of the recall, with the version that the platform was told of last."""
    rows = Notice.objects.select_related("recall", "platform", "version").prefetch_related("version__products")
    if (notice := rows.filter(pk=number).first()) is None:
        return None
    content = JSONRenderer().render(NoticeSerializer(notice).data)
    return Attachment(
        f"offshelf-notice-{number}.json", content, f"{settings.BASE_URL}{reverse('api:notice', args=[number])}"
    )
