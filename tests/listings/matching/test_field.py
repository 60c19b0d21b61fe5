"""Whole kinds of inputs from the field, a dozen of each: what broke others must not break this."""

import pytest

from listings.matching import ProductText, RecallIndex, RecallReading
from listings.matching.circumstances import read_circumstances
from tests.listings.matching.build import found, listing, recall, recall_of

HEATER = recall(
    "Hearthline Sunburst space heaters",
    title="Hearthline Recalls Sunburst Space Heaters Due to Fire Hazard",
    models=("HL-200R", "HL-250R"),
    gtins=("012345678905",),
    description="This recall involves models HL-200R and HL-250R; model HL-400R is not included.",
)


def band(recalled: RecallReading, title: str, **fields: str) -> str:
    matches = RecallIndex([recalled]).match(listing(title, **fields).text)
    return matches[0].band if matches else "no"


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline Sunburst обогреватель HL-200R",
        "Обогреватель Hearthline HL-200R, новый, в коробке",
        "обігрівач Hearthline HL-200R",
        "Hearthline 取暖器 HL-200R 家用",
        "【正規品】Hearthline HL-200R ヒーター",
        "暖风机Hearthline HL-200R包邮",
        "히터 Hearthline HL-200R",
        "مدفأة Hearthline HL-200R",
        "תנור Hearthline HL-200R",
        "θερμάστρα Hearthline HL-200R",
        "hâlögêñ Hearthline HL-200R ısıtıcı",
        "грелка Hearthline Sunburst heater",
    ],
)
def test_brand_and_model_are_found_among_words_of_any_script(title: str) -> None:
    assert band(HEATER, title) == "flag"


@pytest.mark.parametrize(
    "title",
    [
        "Неаrthlinе Sunburst heater HL-200R",
        "Hеarthlinе Sunburst heаter",
        "HΕΑRΤΗLΙΝΕ Sunburst heater HL-200R",
        "Ｈｅａｒｔｈｌｉｎｅ Sunburst ｈｅａｔｅｒ",
        "Hearth\u200bline Sun\u200bburst heater",
        "Hear\u00adthline Sunburst hea\u00adter",
        "H\u2060earthline Sunburst heater HL-200R",
        "Hearthline heater HL-2OOR",
        "Hearthline heater HL 2O0R",
        "Hearthline heater ＨＬ－２００Ｒ",
        "Hëarthlîne Sunbürst heater",
        "Hearthlnie Sunburst heater",
    ],
)
def test_what_hides_a_name_is_undone(title: str) -> None:
    assert band(HEATER, title) == "flag"


@pytest.mark.parametrize(
    ("title", "signal"),
    [
        ("Replacement filter for recalled Hearthline Sunburst heater HL-200R", "accessory"),
        ("Remote control compatible with Hearthline Sunburst HL-200R", "accessory"),
        ("Cover for Hearthline Sunburst heater HL-200R", "accessory"),
        ("Passend für Hearthline Sunburst Heizlüfter HL-200R: Ersatzteil", "accessory"),
        ("Housse pour Hearthline Sunburst HL-200R", "accessory"),
        ("Funda para Hearthline Sunburst HL-200R", "accessory"),
        ("Чехол для Hearthline Sunburst HL-200R", "accessory"),
        ("适用 Hearthline Sunburst HL-200R 配件", "accessory"),
        ("Norvik heater, safe replacement for the recalled Hearthline Sunburst", "replacement_for_recalled"),
        ("Hearthline Sunburst heater HL-200R user manual", "media"),
        ("Hearthline Sunburst HL-200R service manual, paperback", "media"),
    ],
)
def test_what_only_speaks_of_the_product_is_no_match_and_says_why(title: str, signal: str) -> None:
    assert band(HEATER, title) == "no"
    assert found(HEATER, listing(title))[signal].weight < 0


@pytest.mark.parametrize(
    "title",
    [
        "Hearthline Sunburst heater HL-200R - not affected by the recall",
        "Hearthline Sunburst Heizlüfter, nicht vom Rückruf betroffen",
        "Hearthline Sunburst heater (non-recalled version)",
    ],
)
def test_what_the_seller_says_to_be_not_affected_is_asked_about_and_says_why(title: str) -> None:
    assert band(HEATER, title) == "ask"
    assert found(HEATER, listing(title))["not_affected"].weight < 0


@pytest.mark.parametrize(
    "said",
    [
        "Model HL-400R is not included.",
        "Models HL-200R and HL-250R are recalled; model HL-400R is not part of this recall.",
        "The recall does not include model HL-400R.",
        "Heaters with model number HL-400R are not affected.",
        "Model HL-400R is excluded.",
        "This recall does not affect the HL-400R.",
        "HL-400R heaters are not subject to this recall.",
        "Model numbers HL-400R and HL-410R are not being recalled.",
        "The recall does not apply to model HL-400R.",
        "HL-400R units are not involved.",
        "Model HL-400R, sold at other stores, is not recalled.",
        "Model HL-400R does not contain the part and is not included in the recall.",
    ],
)
def test_a_model_that_is_said_to_be_left_out_is_left_out(said: str) -> None:
    recalled = recall(
        "Hearthline Sunburst space heaters",
        title="Hearthline Recalls Space Heaters",
        models=("HL-200R",),
        description=f"This recall involves Hearthline space heaters with model number HL-200R. {said}",
    )
    assert band(recalled, "Hearthline Sunburst space heater HL-400R") == "no"
    assert band(recalled, "Hearthline Sunburst space heater HL-200R") == "flag"


@pytest.mark.parametrize(
    ("said", "recalled_number", "other"),
    [
        ("Model numbers HL-200R, HL-210R and HL-220R.", "HL-210R", "HL-300R"),
        ("Models AB100 to AB120 are recalled.", "AB117", "AB121"),
        ("Model numbers AB100 through AB120.", "AB100", "AB099"),
        ("Model numbers AB-100 – AB-120.", "AB-111", "AB-130"),
        ("Model numbers beginning with KB40 are included.", "KB4077", "KB5077"),
        ("Models KB40** are included.", "KB4012", "KB5012"),
        ("Model numbers ending in -R1 are included.", "HX550-R1", "HX550-R2"),
        ("Models HL-2XX are included.", "HL-250", "HL-350"),
        ("The model number is ZQ5501/ZQ5502.", "ZQ5502", "ZQ5601"),
        ("Model #ZQ-5501-B.", "ZQ5501B", "ZQ5501C"),
        ("Item number 884120.", "884120", "884130"),
        ("Style ZQ-5501.", "ZQ 5501", "ZQ6501"),
    ],
)
def test_model_numbers_are_read_in_every_notation(said: str, recalled_number: str, other: str) -> None:
    recalled = recall(
        "Hearthline space heaters", title="Hearthline Recalls Space Heaters", description=f"Hearthline heaters. {said}"
    )
    same = {"same_model", "same_model_and_brand", "same_short_model"}
    assert same & found(recalled, listing(f"Hearthline heater {recalled_number}")).keys()
    assert not same & found(recalled, listing(f"Hearthline heater {other}")).keys()


@pytest.mark.parametrize(
    ("firm", "brand"),
    [
        ("Hearthline Industries, of China", "hearthline"),
        ("Hearthline Inc., of Chicago, Ill.", "hearthline"),
        ("Sun Import LLC d/b/a Hearthline, of Newark, N.J.", "hearthline"),
        ("Sun Import LLC dba Hearthline", "hearthline"),
        ("Hearthline GmbH, of Germany", "hearthline"),
        ("Hearthline Co. Ltd., of Taiwan", "hearthline"),
        ("Hearthline (Shenzhen) Technology Co., of China", "hearthline"),
        ("Hearthline Holdings", "hearthline"),
        ("Hearthline USA, of Irvine, Calif.", "hearthline"),
        ("The Hearthline Company", "hearthline"),
        ("Hearthline; Norvik", "hearthline"),
        ("Hearthline Products of North America", "hearthline"),
    ],
)
def test_a_brand_is_read_out_of_a_firms_prose(firm: str, brand: str) -> None:
    assert brand in recall("Space heaters", title="Space Heaters Recalled Due to Fire Hazard", firms=(firm,)).brands


@pytest.mark.parametrize(
    ("recalled", "title", "expected"),
    [
        ("NUK First Choice 240 mL Glass Bottles", "NUK First Choice glass bottle 240 ml", "flag"),
        ("NUK First Choice 240 mL Glass Bottles", "NUK First Choice glass bottle 8.1 fl oz", "flag"),
        ("NUK First Choice 240 mL Glass Bottles", "NUK First Choice glass bottle 0.24 l", "flag"),
        ("NUK First Choice 240 mL Glass Bottles", "NUK First Choice glass bottle 120 ml", "no"),
        ("NUK First Choice 240 mL Glass Bottles", "NUK First Choice glass bottle 4 fl oz", "no"),
        ("Zelprio 4GB Flash Drives", "Zelprio flash drive 4 GB", "flag"),
        ("Zelprio 4GB Flash Drives", "Zelprio flash drive 2GB", "no"),
        ("Zelprio 4GB Flash Drives", "Zelprio flash drive 0.004 TB", "flag"),
        ("Zelprio 10000 mAh Power Banks", "Zelprio power bank 10,000mAh", "flag"),
        ("Zelprio 10000 mAh Power Banks", "Zelprio power bank 5000 mAh", "no"),
        ("Zelprio 30-inch Gas Ranges", "Zelprio gas range 76.2 cm", "flag"),
        ("Zelprio 1.7 L Kettles", "Zelprio kettle 0.8 L", "no"),
    ],
)
def test_sizes_are_compared_across_units(recalled: str, title: str, expected: str) -> None:
    brand = recalled.split(maxsplit=1)[0]
    reading = recall(recalled, title=f"{brand} Recalls {recalled}", brand=brand)
    assert (band(reading, title) == "flag") is (expected == "flag")


@pytest.mark.parametrize("pack", ["2-pack", "2 pack", "set of 2", "pack of 2", "twin pack", "x2", "lot of 2"])
def test_how_many_are_in_the_pack_does_not_matter(pack: str) -> None:
    assert band(HEATER, f"Hearthline Sunburst space heater {pack}") == "flag"


@pytest.mark.parametrize("count", [1, 2, 57])
def test_every_product_of_a_recall_is_a_target_of_its_own(count: int) -> None:
    names = [f"Zelprio{'abcdefghijklmnop'[place % 16]}{'qrstuvwxyz'[place // 16]}el lamps" for place in range(count)]
    reading = recall_of(
        *(ProductText(name, models=(f"ZK-{500 + place}",)) for place, name in enumerate(names)), title="Lamps Recalled"
    )
    for place in {0, count // 2, count - 1}:
        (match,) = RecallIndex([reading]).match(listing(f"{names[place][:-1]} ZK-{500 + place}").text)
        assert match.product_index == place


@pytest.mark.parametrize(
    "said",
    [
        "Lot numbers L2209 to L2214 are affected.",
        "Only lot code L2209 is recalled.",
        "The date code 0617 is printed on the base.",
        "Batch numbers B1201, B1202 and B1203.",
        "Serial numbers 10001 through 20000.",
        "Manufacturing date codes 1219 and 0120.",
    ],
)
def test_lots_that_a_listing_does_not_state_are_to_be_asked_for(said: str) -> None:
    recalled = recall("Zelprio aerosol sprays", title="Zelprio Recalls Aerosol Sprays", description=f"Sprays. {said}")
    evidence = found(recalled, listing("Zelprio aerosol spray 300 g"))["lot_not_stated"]
    assert "Ask the seller" in evidence.detail
    assert evidence.recall_span is not None
    assert evidence.recall_span.text in recalled.text.description
    assert "lot_not_stated" not in found(recalled, listing("Zelprio aerosol spray, lot L2209"))


def test_circumstances_are_read_with_their_places() -> None:
    reading = recall("Zelprio lamps", description="The lamps come in black and teal.", title="Zelprio Recalls Lamps")
    text = reading.text.__class__(
        **{name: getattr(reading.text, name) for name in ("number", "title", "description", "products")},
        sold_at="Costco and Target stores nationwide and online at Amazon.com from May 2018 through June 2019",
    )
    around = read_circumstances(text)
    assert [span.text for span in around.colours] == ["black", "teal"]
    assert [span.text for span in around.sold_when] == ["May 2018 through June 2019"]
    assert [span.text for span in around.sold_where] == ["Costco and Target", "Amazon.com"]


@pytest.mark.parametrize("title", ["Toy Recall", "Lamps", "Recall", "Children's Products Recalled"])
def test_a_recall_that_says_nothing_flags_nothing(title: str) -> None:
    reading = recall(title, title=title)
    for listed in ("Wooden toy train", "Table lamp", "Children's books", "Recall of Duty game"):
        assert band(reading, listed) == "no"


@pytest.mark.parametrize(
    ("name", "said", "title"),
    [
        (
            "Lithium-ion batteries used in Zelprio notebook computers",
            "Zelprio Meadow Z420 and Z520",
            "Zelprio Meadow Z420 notebook 15 inch",
        ),
        (
            "Battery packs sold with Zelprio laptops",
            "Zelprio laptops Meadow Z420 and Z520",
            "Zelprio Meadow Z520 laptop",
        ),
        ("AC power cords", "Zelprio Meadow laptop computers", "Zelprio Meadow laptop 12.5-inch"),
        (
            "Above-ground pool ladders",
            "Zelprio Lagoona swimming pools",
            "Zelprio Lagoona swimming pool 15ft with ladder",
        ),
    ],
)
def test_a_part_reaches_the_product_that_it_was_sold_with(name: str, said: str, title: str) -> None:
    reading = recall(name, title=f"Zelprio Recalls {name}", brand="Zelprio", description=f"They were sold with {said}.")
    assert "contains_component" in found(reading, listing(title, brand="Zelprio"))
    assert band(reading, title, brand="Zelprio") == "flag"
