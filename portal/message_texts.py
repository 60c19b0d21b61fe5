"""What messages of the site itself and failed jobs store in English, for pages in other languages
(portal/http/stored_texts.py).
"""

from django.utils.translation import gettext_noop

MESSAGES = (
    gettext_noop("%(who)s may not do this (%(permission)s)."),
    gettext_noop("Alert: mail to %(whom)s is not delivered"),
    gettext_noop("%(address)s rejected the mail or could not be reached. %(reason)s"),
    gettext_noop("%(address)s of %(person)s rejected the mail or could not be reached. %(reason)s"),
    gettext_noop("Reach them another way, and enter an address that works."),
    gettext_noop("Reach them another way, and ask an operator to enter an address that works."),
    gettext_noop("Reach them another way, and ask an admin to enter an address that works."),
    gettext_noop("Alarm: a webhook endpoint of %(organisation)s is disabled"),
    gettext_noop("%(address)s gets no more events. %(our_reason)s"),
    gettext_noop("It answered with status 410 (gone), so it wants no more events."),
    gettext_noop("It has taken nothing for %(number)s days. The last problem: %(our_problem)s"),
    gettext_noop("It answered with status %(status)s."),
    gettext_noop("Its worker ended each time before it was known how it went."),
    gettext_noop("Disabled by %(person)s."),
    gettext_noop("Repair the program, send a test event and enable the endpoint. What waited is sent then."),
    gettext_noop("Alert: nobody at %(regulator)s is available"),
    gettext_noop(
        "Its escalations wait, and nobody there is available to handle them. Reach its people, or invite an admin."
    ),
    gettext_noop("For %(person)s, who cannot sign in."),
    gettext_noop("For %(person)s, who is away until %(until)s."),
    gettext_noop("1 audit event: %(name)s"),
    gettext_noop("%(number)s audit events: %(name)s"),
    gettext_noop("and %(number)s more"),
    gettext_noop("Confirm or refuse: erasure of a person"),
    gettext_noop("Another admin asks to erase a person for good. Open the page to see whom, and why."),
    gettext_noop("Confirm or refuse: second factor reset of %(person)s"),
    gettext_noop("Confirm or refuse: release of the legal hold %(hold)s"),
    gettext_noop("%(person)s asks to release it: %(reason)s"),
    gettext_noop("Test event"),
    gettext_noop("%(person)s sent this test event. It is about nothing."),
    gettext_noop("The job was interrupted %(number)s times. See the worker's log."),
    gettext_noop("The server's disk was full. Try again later."),
    gettext_noop("The item to export no longer exists, or you cannot see it."),
    gettext_noop("%(person)s now belongs to another organisation."),
    gettext_noop("Its worker died on it."),
    gettext_noop("At work."),
    gettext_noop("Refused: %(our_problem)s"),
    gettext_noop("%(host)s cannot be resolved."),
    gettext_noop("%(host)s cannot be resolved: no answer in time."),
    gettext_noop("%(address)s is not an address."),
    gettext_noop("Only http and https addresses are asked for."),
    gettext_noop("An address with a user name in it is not asked for."),
    gettext_noop("The address names no host."),
    gettext_noop("Port %(number)s is not asked: only 80 and 443 are."),
    gettext_noop("%(host)s is not a public address."),
    gettext_noop("The mail server took too long over one mail."),
)
"""What messages of the site itself say, and why jobs and deliveries failed."""
