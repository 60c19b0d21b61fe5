"""Names of sellers, compared however they are written."""

from listings.matching.normalise import words_of

_FORMS = frozenset(
    {
        *(
            "ab",
            "ag",
            "bv",
            "co",
            "company",
            "corp",
            "corporation",
            "gmbh",
            "inc",
            "kg",
            "limited",
            "llc",
            "llp",
            "ltd",
            "nv",
        ),
        *("oy", "plc", "pty", "sa", "sarl", "sas", "sl", "spa", "srl", "store", "shop", "official"),
    }
)
"""Words that say nothing of who somebody is, as `words_of` reads them."""


def folded(name: str) -> str:
    """A name without case, accents, look-alike letters, blanks, punctuation and legal forms; empty if nothing is left."""
    words = words_of(name)
    return "".join([word for word in words if word not in _FORMS] or words)
