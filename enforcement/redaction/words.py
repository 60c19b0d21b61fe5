"""The words of the preview, in the reader's language. The file itself is always in English (rules.py)."""

from django.utils.translation import gettext_noop

from enforcement.redaction.rules import Kind, Receiver, Treatment

RECEIVERS = {
    Receiver.PUBLIC: gettext_noop("The public"),
    Receiver.COURT: gettext_noop("A court"),
    Receiver.OTHER: gettext_noop("The other party"),
}
TREATMENTS = {
    Treatment.KEPT: gettext_noop("Kept"),
    Treatment.RENAMED: gettext_noop("Replaced by a role"),
    Treatment.SHORTENED: gettext_noop("Shortened to the host"),
    Treatment.REMOVED: gettext_noop("Removed"),
}
KINDS = {
    Kind.PERSON: gettext_noop("Names of people who worked on the case"),
    Kind.PROGRAM: gettext_noop("Names of API keys"),
    Kind.MAIL: gettext_noop("Email addresses"),
    Kind.PHONE: gettext_noop("Phone numbers"),
    Kind.ACCOUNT: gettext_noop("Account numbers, network addresses and user names"),
    Kind.SELLER: gettext_noop("Name of the seller"),
    Kind.SELLER_CONTACT: gettext_noop("Contact data and name given by the seller"),
    Kind.NOTE: gettext_noop("Internal notes"),
    Kind.MESSAGE: gettext_noop("Texts that the sides and the seller wrote to each other"),
    Kind.FILE: gettext_noop("Attached files, captured pages and pictures"),
    Kind.ADDRESS: gettext_noop("Web addresses of listings"),
    Kind.CHOSEN: gettext_noop("Texts that you took out"),
    Kind.EVENT: gettext_noop("Entries of the audit log with any of these"),
}
WHY = {
    Kind.PERSON: gettext_noop("An office decides a case. Roles say who did what."),
    Kind.PROGRAM: gettext_noop("The name of a key is an internal matter of its owner."),
    Kind.MAIL: gettext_noop("Personal data that nobody needs to understand the case."),
    Kind.PHONE: gettext_noop("Personal data that nobody needs to understand the case."),
    Kind.ACCOUNT: gettext_noop("Personal data that nobody needs to understand the case."),
    Kind.SELLER: gettext_noop("A seller can be a natural person. The parties and a court need the name."),
    Kind.SELLER_CONTACT: gettext_noop("Given in confidence, and not verified."),
    Kind.NOTE: gettext_noop("Written for one side only."),
    Kind.MESSAGE: gettext_noop("Addressed to the parties of the case, not to the public."),
    Kind.FILE: gettext_noop("Files cannot be searched for personal data. Their digests stay."),
    Kind.ADDRESS: gettext_noop("An address can name the seller. The host stays."),
    Kind.CHOSEN: gettext_noop("You read the text and decided so."),
    Kind.EVENT: gettext_noop("Digests stay in the chain, so the chain can still be verified."),
}
