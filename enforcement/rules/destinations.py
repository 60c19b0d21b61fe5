"""Which of the places that an offer is sent to, or is seen from, a recall covers: what "restricted" is judged by."""

from collections.abc import Iterable

from enforcement.rules.verdict import Judgement

WORLD, UNION = "WORLD", "EU"
MEMBERS = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)


def covers(country: str, place: str) -> bool:
    """Whether a recall of a regulator of `country` covers a place: a code of a country, the European Union, or WORLD."""
    if not country:
        return False
    if place in {country, WORLD}:
        return True
    return (country == UNION and place in MEMBERS) or (place == UNION and country in MEMBERS)


def covered(country: str, destinations: str) -> list[str]:
    """Those of an offer's destinations, like "CA, US", that the recall covers."""
    return [place for place in destinations.split(", ") if place and covers(country, place)]


def place_code(name: str) -> str:
    """The country of a place that pages are checked from: of "us" and "us-east" US; "" of a name that begins with none."""
    first = name.partition("-")[0]
    return first.upper() if len(first) == 2 and first.isascii() and first.isalpha() else ""


def live_where_recalled(country: str, live: Iterable[str]) -> list[str]:
    """The places, among those that an offer is live from, that the recall covers."""
    return [name for name in live if covers(country, place_code(name))]


def not_restricted(found: Judgement, *, country: str, destinations: str) -> Judgement:
    """A page's "restricted", judged by the destinations that the platform's catalogue states: while it still names one
    that the recall covers, nothing is proved. It says nothing against the restriction either, as the catalogue may be
    older than the page."""
    if found.verdict != "restricted" or not (still := covered(country, destinations)):
        return found
    detail = (
        f"{found.detail} But the catalogue still names {', '.join(still)} among its destinations. "
        "Send the listing without it."
    )
    return Judgement("unknown", "still_sent_there", detail, dict(found.extracted), found.doubtful)
