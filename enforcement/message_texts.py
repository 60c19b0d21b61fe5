"""What messages about takedowns, and the deadline monitor, store in English, for pages in other languages
(portal/http/stored_texts.py).
"""

from django.utils.translation import gettext_noop

MESSAGES = (
    gettext_noop("Appeal: %(title)s"),
    gettext_noop("Appeal granted: %(title)s"),
    gettext_noop("Appeal rejected: %(title)s"),
    gettext_noop("Extension requested: %(title)s"),
    gettext_noop("Extension granted: %(title)s"),
    gettext_noop("Extension refused: %(title)s"),
    gettext_noop("Relisted: %(title)s"),
    gettext_noop(
        "Listing %(listing)s is a relisting of one that was taken down (%(our_reason)s). Deadline: %(deadline)s."
    ),
    gettext_noop("%(platform)s was named publicly because of a listing of a recalled product"),
    gettext_noop("Escalations assigned to you: %(number)s"),
    gettext_noop("Escalations without an assignee: %(number)s"),
    gettext_noop("Comment on an escalation: %(our_step)s"),
    gettext_noop("Escalation assigned to you: %(our_step)s"),
    gettext_noop("%(our_step)s: %(recall)s on %(platform)s"),
    gettext_noop("%(our_step)s: %(title)s"),
    gettext_noop("Late: %(our_step)s: %(title)s"),
    gettext_noop("%(our_step)s: %(number)s listings on %(platform)s"),
    gettext_noop("Late: %(our_step)s: %(number)s listings on %(platform)s"),
    gettext_noop("And %(number)s more."),
    gettext_noop(
        "Listing %(listing)s on %(platform)s, recall %(recall)s. Deadline: %(deadline)s. Status: %(our_status)s."
    ),
    gettext_noop("Seller (claimed), through the link %(our_way)s"),
    gettext_noop("For the seller, passed on without a link: %(person)s"),
    gettext_noop("that was sent to %(address)s"),
    gettext_noop("that %(person)s handed over"),
)
"""What messages about takedowns say."""

FORMER = (
    gettext_noop(
        "Listing %(listing)s is a relisting of one that was taken down (%(our_reason)s). The deadline is %(moment)s."
    ),
    gettext_noop(
        "The deadline for listing %(listing)s on %(platform)s (recall %(recall)s) is %(moment)s. Its status: "
        "%(our_status)s."
    ),
    gettext_noop(
        "The deadline for listing %(listing)s on %(platform)s (recall %(recall)s) was %(moment)s. Its status:"
        " %(our_status)s."
    ),
)
"""What messages said that are still in inboxes."""

MONITOR = (
    gettext_noop("Alarm: background work has problems"),
    gettext_noop("Alarm: escalation is not working"),
    gettext_noop("The external service answered with status %(status)s."),
    gettext_noop("The external service could not be reached: %(problem)s"),
    gettext_noop(
        "Overdue escalation steps: %(number)s, the oldest since %(moment)s. Check that the worker is running."
    ),
    gettext_noop(
        "Open takedowns without a next step before their ladder is done: %(number)s, the first is takedown "
        "%(number_first)s."
    ),
    gettext_noop("Overdue removal checks: %(number)s, the oldest since %(moment)s."),
    gettext_noop("Takedowns no longer checked because each check failed: %(number)s. See the failed jobs."),
    gettext_noop("Listings not matched yet: %(number)s, the oldest since %(moment)s."),
    gettext_noop("Notices not matched yet: %(number)s, the oldest since %(moment)s."),
    gettext_noop("Failed mail: %(number)s. See the failed jobs."),
    gettext_noop("Failed webhook calls: %(number)s. See the failed jobs."),
    gettext_noop("Rows were skipped with an error (%(counts)s). See the failed jobs."),
    gettext_noop("The latest: %(row)s."),
    gettext_noop("Audit events not sealed: %(number)s, the oldest since %(moment)s."),
    gettext_noop("No worker has sealed the audit log since %(moment)s. Check that its queue is running."),
    gettext_noop("The deadline monitor could not check the %(name)s: %(error)s"),
)
"""What the deadline monitor finds."""

SWEEPS = (
    gettext_noop("feeds to look at"),
    gettext_noop("pictures of listings"),
    gettext_noop("pictures of recalls"),
    gettext_noop("steps of the ladder"),
)
"""Sweeps, by which failed jobs are named (portal/background/sweeping.py)."""

OBJECTS = {
    "enforcement.appeal": (gettext_noop("Appeal"), gettext_noop("%(number)s of takedown %(number_takedown)s")),
    "enforcement.calendarday": (gettext_noop("Calendar day"), gettext_noop("%(day)s in %(place)s: %(name)s")),
    "enforcement.escalation": (
        gettext_noop("Escalation"),
        gettext_noop("step %(number)s of takedown %(number_takedown)s"),
    ),
    "enforcement.extension": (gettext_noop("Extension"), gettext_noop("by %(amount)s of takedown %(number)s")),
    "enforcement.letter": (gettext_noop("Letter"), gettext_noop("%(number)s to %(platform)s")),
    "enforcement.lettertemplate": (
        gettext_noop("Letter template"),
        gettext_noop("%(our_language)s, version %(number)s"),
    ),
    "enforcement.observation": (gettext_noop("Removal check"), gettext_noop("%(our_verdict)s at %(moment)s")),
    "enforcement.policy": (gettext_noop("Policy"),),
    "enforcement.publiclisting": (gettext_noop("Public naming"), gettext_noop("of %(platform)s")),
    "enforcement.takedown": (gettext_noop("Takedown"), gettext_noop("of flag %(number)s")),
}
"""Kinds of objects: the noun, and what may follow it in a name (portal/http/object_names.py)."""
