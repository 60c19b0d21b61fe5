"""Who is meant by an @ in a text."""

import pytest

from listings.mentions import mentions_in

PEOPLE = [(1, "Ada Lindqvist"), (2, "Nia Adeyemi"), (3, "Nia Adeyemi-Okoro"), (4, "李雷"), (5, "Omar Haddad")]


@pytest.mark.parametrize(
    ("text", "people", "unknown", "several"),
    [
        ("@Ada Lindqvist, please look", {1}, (), ()),
        ("@ada", {1}, (), ()),
        ("(@OMAR HADDAD) and @Ada", {1, 5}, (), ()),
        ("@Ada\nLindqvist", {1}, (), ()),
        ("@Nia Adeyemi", {2}, (), ()),
        ("@Nia Adeyemi-Okoro", {3}, (), ()),
        ("@Nia", set(), (), ("Nia",)),
        ("请@李雷看一下", {4}, (), ()),
        ("请 @李雷看一下", {4}, (), ()),
        ("@Adamant and @Jonas.", set(), ("Adamant", "Jonas"), ()),
        ("mail ada@psa.example.gov, 5 @ 3 each, https://shop.example/@Ada", set(), (), ()),
    ],
)
def test_an_at_sign_means_who_bears_the_name(
    text: str, people: set[int], unknown: tuple[str, ...], several: tuple[str, ...]
) -> None:
    found = mentions_in(text, PEOPLE)
    assert (found.people, found.unknown, found.several) == (frozenset(people), unknown, several)
