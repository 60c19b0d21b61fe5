"""The stops of the guided tour: what each role works with, in the order of the work."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Stop:
    """`page` is the name of an address without arguments that everyone of the role may open."""

    title: str
    text: str
    page: str


_REGULATOR = (
    Stop(
        gettext_noop("Recalls"),
        gettext_noop("Write a recall here, or import many from a file. A colleague reviews and publishes each one."),
        "recalls:list",
    ),
    Stop(
        gettext_noop("Send notices"),
        gettext_noop(
            "Choose recalls, platforms and a policy. The preview shows each deadline before anything is sent."
        ),
        "enforcement:send",
    ),
    Stop(
        gettext_noop("Board"),
        gettext_noop("See how far each platform is. Late notices come first, and each number leads to its listings."),
        "enforcement:board",
    ),
    Stop(
        gettext_noop("Takedowns"),
        gettext_noop(
            "Each listing has a clock. It ends only when checks of the page confirm that the listing is gone."
        ),
        "enforcement:takedowns",
    ),
    Stop(
        gettext_noop("Escalations"),
        gettext_noop(
            "When a platform is late, the steps of the policy run. Take over a case here and record the result."
        ),
        "enforcement:escalations",
    ),
)
_MODERATOR = (
    Stop(
        gettext_noop("Notices"),
        gettext_noop(
            "A regulator sends you recalls here. Acknowledge each one, so that the regulator knows that you have it."
        ),
        "recalls:notices",
    ),
    Stop(
        gettext_noop("Queue"),
        gettext_noop("Matching listings wait here, the most urgent first. Compare, decide, and go on to the next one."),
        "listings:queue",
    ),
    Stop(
        gettext_noop("Takedowns"),
        gettext_noop(
            "After you decide, checks of the page confirm the removal. See what is still on sale and until when."
        ),
        "enforcement:takedowns",
    ),
    Stop(
        gettext_noop("Exclusions"),
        gettext_noop("A product that is not recalled is excluded, so that it does not come back to the queue."),
        "listings:exclusions",
    ),
    Stop(
        gettext_noop("Inbox"),
        gettext_noop("Questions, answers and deadlines that concern you arrive here. Open one to go to its case."),
        "portal:notifications",
    ),
)
_MANAGER = (
    Stop(
        gettext_noop("Imports"),
        gettext_noop("Upload your catalogue here, or have your programs send it. Listings are matched as they arrive."),
        "listings:imports",
    ),
    Stop(
        gettext_noop("Catalogue"),
        gettext_noop("Search everything that you have imported, and see how each listing was read."),
        "listings:catalogue",
    ),
    Stop(
        gettext_noop("Queue"),
        gettext_noop("Your moderators decide flags here. See what waits, who holds it, and what is nearly late."),
        "listings:queue",
    ),
    Stop(
        gettext_noop("Takedowns"),
        gettext_noop("Each decided listing has a clock, which ends when checks of the page confirm the removal."),
        "enforcement:takedowns",
    ),
    Stop(
        gettext_noop("Keys"),
        gettext_noop(
            "Your programs need a key to send the catalogue and to read notices. Create and revoke keys here."
        ),
        "portal:keys",
    ),
)
_OPERATOR = (
    Stop(
        gettext_noop("Platforms"),
        gettext_noop("Add each regulator and platform with its time zone and the email address for notices."),
        "portal:organisations",
    ),
    Stop(
        gettext_noop("People"),
        gettext_noop(
            "Invite the first admin of a regulator and the people of platforms. Admins invite their colleagues."
        ),
        "portal:people",
    ),
    Stop(
        gettext_noop("Rules"),
        gettext_noop("See how often each matching rule was right. A switch counts for every regulator."),
        "listings:rules",
    ),
    Stop(
        gettext_noop("Retention"),
        gettext_noop("Choose for how many days each kind of data is kept. See what a run would delete."),
        "portal:retention",
    ),
    Stop(
        gettext_noop("Health"),
        gettext_noop("Background services, failed jobs and the deadline monitor: see that everything runs."),
        "portal:health",
    ),
)
_ADMIN = (
    Stop(
        gettext_noop("Platforms"),
        gettext_noop("See how to reach each platform, and change the settings of your own regulator."),
        "portal:organisations",
    ),
    Stop(
        gettext_noop("People"),
        gettext_noop("Invite people and give each a role. See their sessions, and end one if you need to."),
        "portal:people",
    ),
    Stop(
        gettext_noop("Policies"),
        gettext_noop(
            "A policy says how long a platform has, and what happens when it is late. Try it before you save it."
        ),
        "enforcement:policies",
    ),
    Stop(
        gettext_noop("Rules"),
        gettext_noop("See how often each matching rule was right, and what would change without it."),
        "listings:rules",
    ),
    Stop(
        gettext_noop("Audit"),
        gettext_noop("See who did what and when, in your regulator's cases and accounts, and verify the chain."),
        "portal:audit",
    ),
)

TOURS: dict[str, tuple[Stop, ...]] = {
    "regulator_staff": _REGULATOR,
    "moderator": _MODERATOR,
    "platform_manager": _MANAGER,
    "admin": _ADMIN,
    "operator": _OPERATOR,
}
"""Role, as User.role has it → its stops."""
