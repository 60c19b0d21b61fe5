"""The names of what publishers say beyond the fields of a recall, in the order in which pages show them."""

FACTS = (
    "publisher", "kind", "agency", "country", "origin", "category", "risk_level", "risks", "measures", "scope", "lots",
    "dates", "made", "vehicles", "other_codes", "text_models", "serial_ranges", "remarks", "online_sellers", "advice",
    "options", "incidents", "contact", "joint", "joint_notices", "company_notices", "documents", "history", "updated",
)  # fmt: skip

VOLATILE = frozenset({
    "publisher", "updated", "history", "text_models", "serial_ranges", "joint_notices", "company_notices", "documents",
})  # fmt: skip
"""Facts that do not make a new version: dates and addresses, which archives change by the hundred, and facts that are
read from the text, which change whenever the text does."""


def made(facts: dict[str, object]) -> dict[str, str | list[str]]:
    """The facts that say something, in the order of FACTS; lists without their repeats. Raises KeyError for a name
    that is not in FACTS."""
    found: dict[str, str | list[str]] = {}
    for name in sorted(facts, key=FACTS.index):
        value = facts[name]
        if isinstance(value, str) and value.strip():
            found[name] = value.strip()
        elif isinstance(value, list | tuple) and (rows := list(dict.fromkeys(str(each) for each in value if each))):
            found[name] = rows
    return found
