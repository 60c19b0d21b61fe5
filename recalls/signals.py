"""Facts that this app announces; the apps above hear them in their receivers.py, inside the caller's transaction."""

from django.dispatch import Signal

notice_sent = Signal()
"""A notice went out, or its version was replaced by a wider one: sender Notice, `notice`."""

version_followed = Signal()
"""An active notice follows a new version of its recall, wider or not: sender Notice, `notice`."""

version_discarded = Signal()
"""A version that was never in force is about to be deleted: sender RecallVersion, `version`. Each receiver deletes what it
keeps of it, or raises where work on it goes on."""

versions_shown = Signal()
"""The versions of a recall are shown: sender Recall, `recall`, `actor`. Each receiver answers with what they did to flags, as
a recalls.effects.VersionOutcome by the id of the version."""

version_checked = Signal()
"""A version is about to go to review or to the public: sender RecallVersion, `version`. Each receiver answers with what its
writer should look at first, as sentences in the reader's language; none holds the version up."""

notice_received = Signal()
"""A notice was delivered or acknowledged (the clock may count from it): sender Notice, `notice`."""

recall_opened = Signal()
"""A recall's page is opened: sender Recall, `recall`, `actor`. Each receiver answers with a portal.charts.RowChart of what the
actor may see, or None."""

incident_opened = Signal()
"""What became of the listings of other regulators' recalls is shown: sender Recall, `recalls` (their keys). Each receiver
answers with recalls.removals.Removals. The caller made sure that the reader may see them."""

notice_withdrawn = Signal()
"""A notice was withdrawn: sender Notice, `notice`, `actor`, `reason`."""

version_previewed = Signal()
"""A reviewer asks what publishing a version would do: sender RecallVersion, `version`, `notices` (active, as stored),
`widens`. Each receiver answers with one recalls.effects.NoticeEffects a notice, or None. It writes nothing."""
