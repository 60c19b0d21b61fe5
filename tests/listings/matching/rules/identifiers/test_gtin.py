from tests.listings.matching.build import found, listing, recall


def test_the_same_gtin_is_evidence_for_it_whatever_the_title_says_and_shows_both_places() -> None:
    evidence = found(recall(gtins=("0 12345 67890 5",)), listing("Something white", gtin="12345678905"))["same_gtin"]
    assert evidence.weight > 5
    assert evidence.recall_span is not None
    assert evidence.recall_span.text == "0 12345 67890 5"
    assert evidence.listing_span == ("gtin", 0, 11, "12345678905")


def test_a_gtin_in_the_prose_counts_too() -> None:
    recalled = recall("AirWick air fresheners", description="Fresh Linen, UPC 0-62338-74734-7.")
    assert "same_gtin" in found(recalled, listing("Dual Action Spray", gtin="00062338747347"))


def test_another_gtin_says_nothing() -> None:
    assert "same_gtin" not in found(recall(gtins=("012345678905",)), listing("Heater", gtin="4006381333931"))
