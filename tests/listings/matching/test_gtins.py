import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.matching import RecallIndex
from listings.matching.gtins import codes_in
from tests.listings.matching.build import found, listing, recall

EAN, UPC = "04006381333931", "00012345678905"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("4006381333931", [EAN]),
        ('="012345678905"', [UPC]),
        ("'012345678905", [UPC]),
        ("12345678905.0", [UPC]),
        ("012345678905, 4006381333931", [UPC, EAN]),
        ("012345678905 / 4006381333931", [UPC, EAN]),
        ("012345678905\n4006381333931", [UPC, EAN]),
        ("4006381333931012345678905", [EAN, UPC]),
        ("04252614", ["00042100005264"]),
        ("0 12345 67890 5", [UPC]),
        ("00000000000000", []),
        ("1.23457E+10", []),
        ("n/a", []),
    ],
    ids=[
        "EAN", "spreadsheet text", "apostrophe", "spreadsheet number", "comma", "slash", "line end", "run together",
        "UPC-E", "spaces", "zeros", "scientific", "nothing",
    ],
)  # fmt: skip
def test_codes_are_read_however_a_field_has_them(field: str, expected: list[str]) -> None:
    assert [code.gtin for code in codes_in(field)] == expected


@given(st.text(alphabet="0012345678905", max_size=40))
def test_a_field_of_digits_alone_is_read_like_one_with_a_mark_behind_them(digits: str) -> None:
    assert codes_in(digits) == codes_in(f"{digits},")


def test_each_code_has_its_place_in_the_field() -> None:
    field = "012345678905, 4006381333931"
    assert [field[code.start : code.end] for code in codes_in(field)] == ["012345678905", "4006381333931"]


def test_a_code_that_is_a_gtin_8_and_a_upc_e_is_given_both_ways_and_said_to_be_doubtful() -> None:
    both = [f"{number:08d}" for number in range(1_000_000, 1_040_000) if len(codes_in(f"{number:08d}")) == 2]
    assert both
    for code in codes_in(both[0]):
        assert "may be a GTIN-8" in code.doubt


@pytest.mark.parametrize("code", ["20450489", "2012345678900", "022222222222", "735745300309.0", "10005650, 10006051"])
def test_placeholders_lots_shops_own_numbers_and_slips_are_never_the_sole_proof(code: str) -> None:
    recalled = recall("Hearthline space heaters", brand="Hearthline", gtins=(code,))
    listed = listing("Cotton bath towel set of six", gtin=code)
    evidence = found(recalled, listed)
    assert "same_gtin" not in evidence
    assert "not proof" in evidence["doubtful_gtin"].detail
    assert not [match for match in RecallIndex([recalled]).match(listed.text) if match.band == "flag"]


def test_a_doubtful_code_helps_where_brand_and_kind_agree() -> None:
    recalled = recall("Hearthline space heaters", brand="Hearthline", gtins=("20450489",), models=("HL-200R",))
    with_code, without = (found(recalled, listing("Hearthline heater", gtin=gtin)) for gtin in ("20450489", ""))
    assert sum(item.weight for item in with_code.values()) > sum(item.weight for item in without.values()) + 2


def test_a_code_on_a_product_of_another_brand_and_type_is_demoted_and_says_so() -> None:
    recalled = recall("Hearthline space heaters", brand="Hearthline", gtins=("012345678905",))
    evidence = found(recalled, listing("Norvik stroller", brand="Norvik", gtin="012345678905"))
    assert "different brand and product type" in evidence["doubtful_gtin"].detail
    assert "same_gtin" in found(recalled, listing("Something white", gtin="012345678905"))


def test_lot_and_serial_numbers_in_prose_are_no_gtins() -> None:
    assert recall(description="Lot numbers 012345678905 and 4006381333931 are recalled.").gtins == {}
    assert list(recall(description="It has UPC 012345678905.").gtins) == [UPC]
