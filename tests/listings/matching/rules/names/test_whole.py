from tests.listings.matching.build import found, listing, recall

CHAIR = recall("Graco Tatamia high chairs", title="Graco Recalls Tatamia High Chairs", brand="Graco")


def test_brand_type_and_the_whole_name_are_stronger_together_whatever_pattern_is_named_behind() -> None:
    evidence = found(CHAIR, listing("Graco Tatamia high chair, Soho Square"))
    assert evidence["name_whole"].weight > 0
    assert "title_mentions_something_else" not in evidence


def test_nothing_where_a_part_of_the_three_is_missing() -> None:
    for title in ("Tatamia high chair", "Graco Tatamia", "Graco high chair"):
        assert "name_whole" not in found(CHAIR, listing(title)), title
