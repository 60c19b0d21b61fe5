"""What a redacted export of a case takes out, by who receives it. The table in docs/enforcement.md says the same. Pure."""

from enum import StrEnum


class Receiver(StrEnum):
    PUBLIC = "public"
    COURT = "court"
    OTHER = "other"


class Kind(StrEnum):
    """Kinds of data in a case."""

    PERSON = "person"
    PROGRAM = "program"
    MAIL = "mail"
    PHONE = "phone"
    ACCOUNT = "account"
    SELLER = "seller"
    SELLER_CONTACT = "seller_contact"
    NOTE = "note"
    MESSAGE = "message"
    FILE = "file"
    ADDRESS = "address"
    CHOSEN = "chosen"
    EVENT = "event"


class Treatment(StrEnum):
    KEPT = "kept"
    RENAMED = "renamed"
    SHORTENED = "shortened"
    REMOVED = "removed"


_K, _N, _S, _R = Treatment.KEPT, Treatment.RENAMED, Treatment.SHORTENED, Treatment.REMOVED
RULES: dict[Kind, tuple[Treatment, Treatment, Treatment]] = {
    Kind.PERSON: (_N, _N, _N),
    Kind.PROGRAM: (_N, _N, _N),
    Kind.MAIL: (_R, _R, _R),
    Kind.PHONE: (_R, _R, _R),
    Kind.ACCOUNT: (_R, _R, _R),
    Kind.SELLER: (_N, _K, _K),
    Kind.SELLER_CONTACT: (_R, _R, _R),
    Kind.NOTE: (_R, _R, _R),
    Kind.MESSAGE: (_R, _K, _K),
    Kind.FILE: (_R, _R, _R),
    Kind.ADDRESS: (_S, _K, _K),
    Kind.CHOSEN: (_R, _R, _R),
    Kind.EVENT: (_R, _R, _R),
}
"""Kind → what is done with it for the public, a court, the other party."""

TITLES: dict[Kind, str] = {
    Kind.PERSON: "Names of people who worked on the case",
    Kind.PROGRAM: "Names of API keys",
    Kind.MAIL: "Mail addresses",
    Kind.PHONE: "Phone numbers",
    Kind.ACCOUNT: "Account numbers, network addresses and user names",
    Kind.SELLER: "Name of the seller",
    Kind.SELLER_CONTACT: "Contact data and name given by the seller",
    Kind.NOTE: "Internal notes",
    Kind.MESSAGE: "Texts that the sides, and the seller, wrote to each other",
    Kind.FILE: "Attached files, captured pages and pictures",
    Kind.ADDRESS: "Web addresses of listings",
    Kind.CHOSEN: "Texts that the person who made this file took out",
    Kind.EVENT: "Entries of the audit log with any of the above",
}
REASONS: dict[Kind, str] = {
    Kind.PERSON: "A case is decided by an office; roles say who did what.",
    Kind.PROGRAM: "The name of a key is its owner's internal matter.",
    Kind.MAIL: "Personal data that is not needed to understand the case.",
    Kind.PHONE: "Personal data that is not needed to understand the case.",
    Kind.ACCOUNT: "Personal data that is not needed to understand the case.",
    Kind.SELLER: "A seller can be a natural person. The parties and a court know, or need, the name.",
    Kind.SELLER_CONTACT: "Given in confidence, and not verified.",
    Kind.NOTE: "Written for one side only.",
    Kind.MESSAGE: "Addressed to the parties of the case, not to the public.",
    Kind.FILE: "Their content cannot be searched for personal data. The digest proves a file that is shown later.",
    Kind.ADDRESS: "An address can name the seller. The host stays.",
    Kind.CHOSEN: "A person read the text and decided so.",
    Kind.EVENT: "Its digest stays in the chain, so the chain can still be verified.",
}


def treatment(kind: Kind, receiver: Receiver) -> Treatment:
    return RULES[kind][list(Receiver).index(receiver)]
