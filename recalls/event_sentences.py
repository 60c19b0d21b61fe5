"""The sentences in which histories tell what happened, of the actions of recalls; the rules: portal/audit/sentences.py."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

SENTENCES: Mapping[str, tuple[Promise, ...]] = {
    "notice.sent": (_("%(who)s sent the notice of recall %(what)s to %(to)s"),),
    "notice.delivered": (_("%(who)s delivered the notice of recall %(what)s to %(to)s"),),
    "notice.acknowledged": (_("%(who)s acknowledged the notice of recall %(what)s"),),
    "notice.matched": (_("%(who)s matched recall %(what)s with the catalogue of %(to)s"),),
    "notice.held_back": (_("%(who)s held back listings of recall %(what)s at %(to)s"),),
    "notice.none_held_back": (_("%(who)s holds back no more listings of recall %(what)s at %(to)s"),),
    "notice.match_again": (_("%(who)s queued recall %(what)s for new matching at %(to)s"),),
    "recall.created": (_("%(who)s created recall %(name)s"),),
    "recall.edited": (_("%(who)s edited recall %(name)s"),),
    "recall.submitted": (_("%(who)s submitted recall %(name)s for review"),),
    "recall.published": (_("%(who)s published recall %(name)s"),),
    "recall.publication_failed": (_("%(who)s could not publish recall %(name)s"),),
    "recall.revision_started": (
        _("%(who)s started version %(version)s of recall %(name)s"),
        _("%(who)s started a new version of recall %(name)s"),
    ),
    "recall.version_published": (
        _("%(who)s published version %(version)s of recall %(name)s"),
        _("%(who)s published a new version of recall %(name)s"),
    ),
    "recall.version_returned": (
        _("%(who)s returned version %(version)s of recall %(name)s"),
        _("%(who)s returned a version of recall %(name)s"),
    ),
    "recall.version_discarded": (
        _("%(who)s discarded version %(version)s of recall %(name)s"),
        _("%(who)s discarded a new version of recall %(name)s"),
    ),
    "recall.version_submitted": (
        _("%(who)s submitted version %(version)s of recall %(name)s for review"),
        _("%(who)s submitted a new version of recall %(name)s for review"),
    ),
    "recall.withdrawn": (_("%(who)s withdrew recall %(name)s"),),
    "recall.risk_assessed": (
        _("%(who)s assessed the risk of recall %(name)s, version %(version)s"),
        _("%(who)s assessed the risk of recall %(name)s"),
    ),
    "recall.risk_signed": (
        _("%(who)s signed the risk assessment of recall %(name)s, version %(version)s"),
        _("%(who)s signed the risk assessment of recall %(name)s"),
    ),
    "recall.signature_dropped": (
        _("%(who)s changed the risk level of recall %(name)s, which took its signature away"),
    ),
    "recall.owner_set": (
        _("%(who)s gave recall %(name)s to %(person)s"),
        _("%(who)s changed the owner of recall %(name)s"),
    ),
    "recall.file_added": (
        _("%(who)s added the file %(file_name)s to recall %(name)s"),
        _("%(who)s added a file to recall %(name)s"),
    ),
    "recall.file_audience_set": (_("%(who)s changed whether platforms see a file of recall %(name)s"),),
    "recall.file_removed": (_("%(who)s removed a file of recall %(name)s"),),
    "recall.priority_set": (_("%(who)s set the priority of recall %(name)s"),),
    "notice.withdrawn": (_("%(who)s withdrew the notice of recall %(what)s from %(to)s"),),
    "notice.version_followed": (
        _("%(who)s updated the notice to %(to)s to version %(version)s of recall %(what)s"),
        _("%(who)s updated the notice of recall %(what)s to the new version"),
    ),
    "notice.version_widened": (
        _("%(who)s widened the notice to %(to)s by version %(version)s of recall %(what)s"),
        _("%(who)s widened the notice of recall %(what)s by the new version"),
    ),
    "sending.started": (
        ngettext_lazy(
            "%(who)s started to send %(notices)s notice", "%(who)s started to send %(notices)s notices", "notices"
        ),
        _("%(who)s started to send notices"),
    ),
    "recall.imported": (_("%(who)s imported recall %(name)s"),),
    "recall.returned": (_("%(who)s returned recall %(name)s to draft"),),
    "recall.incident_joined": (
        _("%(who)s linked recall %(name)s with recall %(other)s of %(regulator)s as the same product"),
        _("%(who)s linked recall %(name)s to a shared incident"),
    ),
    "recall.incident_left": (_("%(who)s took recall %(name)s out of its shared incident"),),
    "recall.lead_rejected": (
        _("%(who)s decided that recall %(name)s and recall %(other)s of %(regulator)s are not the same product"),
        _("%(who)s rejected a lead to a shared incident of recall %(name)s"),
    ),
    "recall.embargoed": (_("%(who)s approved recall %(name)s under embargo"),),
    "recall.embargo_cancelled": (_("%(who)s cancelled the embargo of recall %(name)s"),),
    "recall_import.queued": (_("%(who)s uploaded %(file)s for import"),),
    "recall_import.started": (_("%(who)s started to read %(file)s"),),
    "recall_import.done": (
        ngettext_lazy(
            "%(who)s imported %(added)s recall from %(file)s",
            "%(who)s imported %(added)s recalls from %(file)s",
            "added",
        ),
        _("%(who)s finished the import of %(file)s"),
    ),
    "recall_import.failed": (_("%(who)s could not import %(file)s"),),
    "recall_import.cancelled": (_("%(who)s cancelled the import of %(file)s"),),
    "recall_import.retried": (_("%(who)s retried the import of %(file)s"),),
    "recall_import.previewed": (_("%(who)s prepared the preview of %(file)s"),),
    "recall_import.columns_named": (_("%(who)s named the columns of %(file)s"),),
    "recall_import.confirmed": (_("%(who)s confirmed the import of %(file)s"),),
    "recall_import.submit_asked": (_("%(who)s requested the submission of the recalls of %(file)s"),),
    "recall_import.submitted": (_("%(who)s submitted the recalls of %(file)s for publication"),),
    "recall_import.approved": (_("%(who)s approved the recalls of %(file)s"),),
    "recall_import.returned": (_("%(who)s returned the recalls of %(file)s to draft"),),
    "feed.created": (_("%(who)s added the recall feed %(name)s"),),
    "feed.edited": (_("%(who)s edited the recall feed %(name)s"),),
    "feed.fetch_asked": (_("%(who)s requested a fetch of the recall feed %(name)s"),),
    "feed.imported": (_("%(who)s fetched a new file from the recall feed %(name)s"),),
    "feed.failed": (_("%(who)s could not fetch the recall feed %(name)s"),),
    "feed.refused": (_("%(who)s refused the file of the recall feed %(name)s"),),
}
