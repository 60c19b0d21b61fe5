"""The model years of vehicles and bicycles, as recalls write them."""

import re

_YEARS = r"(?:19|20)\d\d"
_SAID = re.compile(
    rf"\bmodel[- ]years? (?P<behind>{_YEARS}(?:(?:[ ,/–-]|and|to|through)+(?:{_YEARS}|\d\d(?!\d)))*)|"
    rf"(?<![\w/-])(?P<before>{_YEARS}(?:(?:[ ,/–-]|and|to|through)+{_YEARS})*) model\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?<=\S) ?,? \(?(?:and )?model[- ]years? {_YEARS}(?:(?:[ ,/–-]|and|to|through)+{_YEARS})*(?= [A-Z])",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_YEARS}) ?(?:-|–|to|through) ?({_YEARS}|\d\d(?!\d))")
_ONE = re.compile(_YEARS)
LONGEST = 40  # years of a range


def years_of(said: str) -> frozenset[str]:
    """Each year of a list of years and of ranges ("2010, 2012 through 2014", "2014-18")."""
    years = set(_ONE.findall(said))
    for first, last in _RANGE.findall(said):
        end = int(last if len(last) > 2 else first[:2] + last)
        years |= {str(year) for year in range(int(first), min(end + 1, int(first) + LONGEST))}
    return frozenset(years)


def model_years_in(prose: str) -> frozenset[str]:
    """The years that are said to be those of models: "all model year 2015 and 2016 …", "2012 through 2017 model …"."""
    return frozenset().union(*(years_of(match["behind"] or match["before"]) for match in _SAID.finditer(prose)))


def with_years_apart(name: str) -> str:
    """A product's name with a comma and blanks where it speaks of model years before it goes on, so that what follows is a
    name of its own ("Snowmobiles, Model Year 2022 Patriot Boost") and every word stays where it is."""
    return _INSIDE.sub(lambda match: "," + " " * (len(match.group()) - 1), name)
