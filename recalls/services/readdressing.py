"""Mailing notices again, to a platform whose contact address was corrected."""

import logging

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Left

from portal.models import Mail, Organisation
from portal.notifications.outbox import notify_all
from recalls.models import Notice
from recalls.services.notices import notification_of

logger = logging.getLogger(__name__)
LOST = (Mail.Status.QUEUED, Mail.Status.FAILED, Mail.Status.BOUNCED)


def mail_notices_again(*, platform: Organisation, before: str) -> int:
    """Mail the active notices that never reached the platform's contact `before` to its address of now; returns how many.

    That is those which are not delivered, and those whose mail came back later. They are confirmed once the new mail is
    accepted. A second call does nothing: inboxes, webhooks and that address have the message already.
    """
    if not platform.contact_email:
        return 0
    key = Concat(Value("notice:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    here = Mail.objects.filter(key=Left(Concat(key, Value(platform.contact_email)), 120))
    lost = Mail.objects.filter(key=Left(Concat(key, Value(before)), 120), status__in=LOST)
    notices = Notice.objects.active().filter(~Exists(here), Q(delivered_at=None) | Exists(lost), platform=platform)
    found = notices.select_related("recall__regulator", "version", "platform").prefetch_related("version__products")
    drafts = []
    for notice in found:
        try:
            drafts.append(notification_of(notice))
        except Exception:  # one whose terms cannot be read, say; it stays undelivered, as its page says
            logger.exception("notice %s cannot be mailed again", notice.pk)
    notify_all(drafts)
    return len(drafts)
