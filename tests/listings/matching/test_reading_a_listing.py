from tests.listings.matching.build import listing


def test_words_and_identifiers_know_the_field_and_the_place_they_are_from() -> None:
    read = listing("Hearthline heater HL-200R", brand="Hearthline", mpn="HL-200R", gtin="012345678905")
    for span in (*read.words.values(), *read.models.values(), *read.gtins.values()):
        source = {"title": read.text.title, "brand": read.text.brand, "mpn": read.text.mpn, "gtin": read.text.gtin}[
            span.field
        ]
        assert source[span.start : span.end] == span.text


def test_what_a_thing_is_for_is_not_what_it_is() -> None:
    read = listing("Battery for Lenovo laptop")
    assert set(read.product_types) == {"battery"}
    assert "lenovo" not in read.own_words


def test_for_kids_or_for_home_says_nothing_about_what_it_goes_with() -> None:
    assert set(listing("Heater for home, space heater").product_types) == {"heater"}
    assert set(listing("Bunk bed for kids").product_types) == {"bed"}


def test_a_short_description_is_taken_as_category_and_a_sentence_is_not() -> None:
    assert listing("Lens", description="camera lenses").category == "camera lenses"
    assert listing("Lens", description="It is a lens. It is round.").category == ""


def test_kinds_are_found_in_every_language_of_the_lexicon() -> None:
    for title in ("Kinderwagen", "cochecito", "poussette", "passeggino", "коляска", "婴儿推车", "ベビーカー", "wózek"):
        assert "stroller" in listing(f"{title} Maclaren").product_types, title


def test_an_empty_description_and_brand_are_no_trouble() -> None:
    read = listing("x")
    assert read.brand_words == ()
    assert read.more_words == {}
    assert read.models == {}
