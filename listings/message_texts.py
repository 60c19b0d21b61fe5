"""What messages about flags store in English, for pages in other languages (portal/http/stored_texts.py)."""

from django.utils.translation import gettext_noop

MESSAGES = (
    gettext_noop("Flags handed to you: %(number)s"),
    gettext_noop("Flags free to claim: %(number)s"),
    gettext_noop("%(person)s handed you a flag: %(title)s"),
    gettext_noop("Listing %(listing)s, recall %(recall)s."),
    gettext_noop("Closed, as version %(number)s no longer covers the listing: %(our_flags)s."),
    gettext_noop("Open again, as version %(number)s covers the listing again: %(our_flags)s."),
    gettext_noop("Version %(number)s of recall %(recall)s changes which listings are covered"),
    gettext_noop("Version %(number)s of recall %(recall)s no longer covers %(our_flags)s that someone acted on"),
    gettext_noop(
        "Someone at %(platform)s holds, claimed or removed what is no longer covered, so nothing was closed. "
        "Decide what becomes of it."
    ),
    gettext_noop("1 flag"),
    gettext_noop("%(number)s flags"),
    gettext_noop("%(person)s asked to overrule a dismissal: %(title)s"),
    gettext_noop("%(note)s The policy requires a second person to agree."),
    gettext_noop("%(platform)s has a question about a flag of recall %(recall)s"),
    gettext_noop("The regulator answered your question about a flag of recall %(recall)s"),
    gettext_noop("Listing %(listing)s: %(note)s"),
    gettext_noop("New flags: %(number)s"),
    gettext_noop("Listings may be products of recall %(recalls)s. Decide before the deadline."),
    gettext_noop("Flag %(number)s: %(our_status)s"),
    gettext_noop("It was: %(our_status)s."),
    gettext_noop("Recall %(recall)s matches too many listings on %(platform)s"),
    gettext_noop(
        "%(number)s matching listings are held back from the queue. The terms of the recall may be too wide. "
        "Release the listings, dismiss them, or narrow the recall with a new version."
    ),
    gettext_noop("You were mentioned on flag %(number)s: %(title)s"),
    gettext_noop("Message on flag %(number)s: %(title)s"),
    gettext_noop("%(person)s wrote:"),
    gettext_noop("%(person)s added a note for their own side:"),
    gettext_noop("Attached: %(names)s"),
    gettext_noop("The seller had until %(deadline)s to reply."),
    gettext_noop("Seller did not reply: %(title)s"),
    gettext_noop("Listing %(listing)s is open for a decision again."),
    gettext_noop("The seller wrote about flag %(number)s: %(title)s"),
    gettext_noop("Scheduled feed %(name)s could not be imported"),
    gettext_noop("The decision was undone."),
    gettext_noop("Flag %(number)s was upheld."),
)
"""What messages about flags and listings say."""

SWEEPS = (
    gettext_noop("catalogue imports"),
    gettext_noop("decisions that are final"),
    gettext_noop("dry runs"),
    gettext_noop("exclusions to expire"),
    gettext_noop("flags under a new version"),
    gettext_noop("held-back listings"),
    gettext_noop("listings to match"),
    gettext_noop("notices that follow a version"),
    gettext_noop("notices to match"),
    gettext_noop("notices with held-back listings"),
    gettext_noop("platforms whose codes are to be checked"),
    gettext_noop("removals to learn from"),
    gettext_noop("removals whose picture is searched for"),
    gettext_noop("scheduled feeds"),
    gettext_noop("sellers' answers"),
    gettext_noop("turn of matching shard %(number)s"),
)
"""Sweeps, by which failed jobs are named (portal/background/sweeping.py)."""

OBJECTS = {
    "listings.catalogueimport": (gettext_noop("Catalogue import"),),
    "listings.catalogueupload": (gettext_noop("Catalogue upload"),),
    "listings.dryrun": (gettext_noop("Dry run"), gettext_noop("%(number)s (recall %(version)s)")),
    "listings.exclusion": (gettext_noop("Exclusion"),),
    "listings.feedrule": (gettext_noop("Feed rule"), gettext_noop("of %(platform)s")),
    "listings.flag": (gettext_noop("Flag"),),
    "listings.flaglimit": (gettext_noop("Flag limit"), gettext_noop("of %(regulator)s")),
    "listings.heldmatch": (
        gettext_noop("Listing held back"),
        gettext_noop("%(number)s under notice %(number_notice)s"),
    ),
    "listings.listing": (gettext_noop("Listing"),),
    "listings.message": (gettext_noop("Message"),),
    "listings.readingcorrection": (gettext_noop("Reading correction"), gettext_noop("%(version)s by %(person)s")),
    "listings.ruleswitch": (gettext_noop("Rule switch"),),
    "listings.scheduledfeed": (gettext_noop("Scheduled feed"),),
    "listings.sellerlink": (gettext_noop("Seller link"), gettext_noop("%(number)s for flag %(number_flag)s")),
    "listings.sharedcode": (gettext_noop("Shared code"),),
}
"""Kinds of objects: the noun, and what may follow it in a name (portal/http/object_names.py)."""
