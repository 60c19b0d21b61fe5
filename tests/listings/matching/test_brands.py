import pytest

from listings.matching import ProductText, RecallText
from listings.matching.brands import named_in, read_brands
from tests.listings.matching.build import recall


def names(title: str, *, name: str = "Strollers", brand: str = "", firms: tuple[str, ...] = ()) -> set[frozenset[str]]:
    return set(read_brands(RecallText("1", title, "", (ProductText(name, brand),), firms)).names)


@pytest.mark.parametrize(
    ("title", "brand"),
    [
        ("Maclaren Recalls Strollers Due to Laceration Hazard", {"maclaren"}),
        ("Strollers Recalled by Maclaren USA Due to Laceration Hazard", {"maclaren"}),
        ("CPSC, Maclaren Inc. Announce Recall of Strollers", {"maclaren"}),
        ("Maclaren Expands Recall of Strollers", {"maclaren"}),
    ],
)
def test_the_brand_is_read_out_of_the_title(title: str, brand: set[str]) -> None:
    assert frozenset(brand) in names(title)


def test_given_brand_marked_name_and_firms_are_read_too() -> None:
    found = names(
        "Strollers Recalled", name="Volo® strollers", brand="Maclaren", firms=("Acme Corp., dba Zelprio, of China",)
    )
    assert {frozenset({"maclaren"}), frozenset({"volo"}), frozenset({"zelprio"})} <= found


def test_a_brand_of_common_words_must_be_there_as_a_whole() -> None:
    brand = (frozenset({"first", "choice"}),)
    assert named_in(brand, {"choice": 1, "power": 1}) is None
    assert named_in(brand, {"choice": 1, "first": 1}) is not None


def test_one_rare_word_of_a_brand_is_enough() -> None:
    assert named_in((frozenset({"tommee", "tippee"}),), {"tippee": 1}) == "tippee"


def test_a_product_type_is_not_a_brand() -> None:
    assert names("Strollers Recalled by Stroller Company") == set()


@pytest.mark.parametrize(
    ("said", "is_line"),
    [
        ("Maclaren Zelprio strollers", True),
        ("Maclaren® Zelprio strollers", True),
        ("Maclaren®™ “Zelprio” strollers", True),
        ("OldMaclaren Zelprio strollers", False),
        ("Maclaren Zelprios", False),
        ("Maclaren, Zelprio strollers", False),
        ("", False),
    ],
)
def test_a_name_right_behind_the_makers_is_a_line_of_it(said: str, is_line: bool) -> None:
    product = ProductText("Zelprio strollers", "Maclaren")
    found = read_brands(RecallText("1", "Strollers Recalled", said, (product,), ())).words
    assert ("zelprio" not in found) is is_line
    assert "maclaren" in found


def described(title: str, description: str, name: str) -> set[frozenset[str]]:
    return set(read_brands(RecallText("1", title, description, (ProductText(name),))).names)


def test_brands_of_one_kind_are_read_out_of_the_description() -> None:
    found = described(
        "Cordless Chainsaws Recalled Due to Injury Hazard",
        "This recall involves Zelprio, Ostrivo and Culbrin brands of cordless chainsaws.",
        "Cordless chainsaws",
    )
    assert {frozenset({"zelprio"}), frozenset({"ostrivo"}), frozenset({"culbrin"})} <= found


def test_a_name_that_begins_the_title_and_stands_within_a_sentence_is_a_brand() -> None:
    title = "Zelprio Children's Sleepwear Recalled Due to Burn Hazard"
    assert frozenset({"zelprio"}) in described(title, "This recall involves Acme's Zelprio sleepwear.", "Sleepwear")
    assert described(title, "Zelprio is printed on the tag.", "Sleepwear") == set()


def test_a_brand_of_three_words_is_also_known_written_as_one() -> None:
    assert frozenset({"dreamonme"}) in names("Dream On Me Recalls High Chairs Due to Fall Hazard")


def test_what_a_retailer_recalls_is_of_the_brand_that_its_title_marks() -> None:
    title = "Norvik Store Recalls Zelprio™ Pressure Cookers Due to Burn Hazard"
    cookers = (ProductText("Zelprio pressure cookers"),)
    sold = RecallText("1", title, "", cookers, (), sold_at="Norvik Store stores nationwide for about $50.")
    elsewhere = RecallText("1", title, "", cookers, (), sold_at="Zonko stores nationwide for about $50.")
    assert frozenset({"zelprio"}) in read_brands(sold).names
    assert frozenset({"zelprio"}) not in read_brands(elsewhere).names


@pytest.mark.parametrize(("said", "is_read"), [("“MSR” is printed on the probe.", True), ("The probe is red.", False)])
def test_first_letters_of_a_maker_name_it_where_the_recall_has_them(said: str, *, is_read: bool) -> None:
    title = "Mountain Safety Research Recalls Probes Due to Fall Hazard"
    found = read_brands(RecallText("1", title, said, (ProductText("Probes"),), ())).names
    assert (frozenset({"msr"}) in found) is is_read


@pytest.mark.parametrize(
    "title",
    [
        "Fire Hazard Prompts Maclaren U.S.A. to Recall Strollers for Repair",
        "Choking Hazard Prompts Recall to Repair Strollers by Maclaren; Child Died",
    ],
)
def test_what_prompts_a_recall_is_nobodys_name(title: str) -> None:
    assert names(title) == {frozenset({"maclaren"})}


@pytest.mark.parametrize(
    ("title", "brand"),
    [
        ("Pajama Sets Recalled Due to Burn Hazard; Manufactured by Zelprio Company", {"zelprio"}),
        (
            "Power Banks Recalled Due to Fire Hazard; Imported by Zelprio and Sold Exclusively on Walmart.com",
            {"zelprio"},
        ),
        ("Shelters Recalled By Zelprio Due to Fire Hazard", {"zelprio"}),
        ("CPSC, Zelprio, Inc. Announce Recall of Lanterns", {"zelprio"}),
        ("Zelprio is Recalling Motorcycles", {"zelprio"}),
        ("Zelprio Recall to Repair Swing Sets Due to Fall Hazard", {"zelprio"}),
    ],
)
def test_a_maker_is_read_wherever_a_title_names_it(title: str, brand: set[str]) -> None:
    assert frozenset(brand) in names(title, name="Goods")


def test_a_name_of_ordinary_words_is_a_brand_where_there_is_no_other_and_must_be_there_as_a_whole() -> None:
    found = names("The Company Store Recalls Children's Robes Due to Burn Hazard", name="Children's robes")
    assert frozenset({"company", "store"}) in found
    assert named_in(tuple(found), {"company", "robe"}) is None


def test_what_a_firm_makes_is_no_part_of_its_brand() -> None:
    assert names("zelprio Bikes USA Recalls Bicycles Due to Fall Hazard", name="zelprio Bicycles") == {
        frozenset({"zelprio"})
    }
    assert frozenset({"zelprio"}) in names(
        "Zelprio Elevator Company Recalls Elevators Due to Fall Hazard", name="Zelprio Elevators"
    )


def test_a_known_maker_is_read_behind_model_years_where_the_title_names_none() -> None:
    assert frozenset({"honda"}) in names("ATVs Recalled Due to Loss of Control", name="Model Year 2007 Honda ATVs")


def test_a_line_behind_model_years_is_no_maker_beside_one() -> None:
    found = names("Zelprio Recalls Vehicles Due to Fire Hazard", name="Model Year 2020 Ranger XP 1000 Vehicles")
    assert frozenset({"ranger"}) not in found


def test_what_belongs_to_somebody_is_no_maker_beside_one() -> None:
    assert names("Zelprio Recalls Children's Sweaters", name="Fisherman's Sweaters") == {frozenset({"zelprio"})}


def test_a_firm_is_also_called_by_its_first_word_where_its_products_are() -> None:
    title = "Zelprio Home Furnishings Recalls Zelprio Wall Beds Due to Crush Hazard"
    assert frozenset({"zelprio"}) in names(title, name="Zelprio Wall Beds")
    assert frozenset({"home"}) not in names(
        "Home Zelprio Recalls Home Wall Beds Due to Crush Hazard", name="Home Wall Beds"
    )


def test_a_brand_that_begins_the_title_is_read_beside_who_recalls_or_imports_it() -> None:
    said = "This recall involves two styles of Zelprio Norta-branded scarves."
    for title in (
        "Zelprio Norta Scarves Recalled by Qworta Due to Burn Hazard",
        "Zelprio Norta Scarves Recalled; Imported by Qworta",
    ):
        found = read_brands(RecallText("1", title, said, (ProductText("Scarves"),))).names
        assert {frozenset({"zelprio", "norta"}), frozenset({"qworta"})} <= set(found)


def test_a_country_before_a_makers_name_is_nobodys_name() -> None:
    motorcycles = recall(
        "Off-road motorcycles", title="American Honda Recalls Off-Road Motorcycles Due to Crash Hazard"
    )
    assert frozenset({"honda"}) in motorcycles.brand_names
    assert frozenset({"american"}) not in motorcycles.brand_names
    lamps = recall("Table lamps", title="American Signature Recalls Table Lamps Due to Fire Hazard")
    assert frozenset({"american", "signature"}) in lamps.brand_names


@pytest.mark.parametrize("name", ["LED Fireplace Lanterns", "Halloween Projector Flashlights", "Christmas Candle Sets"])
def test_what_goods_are_with_or_for_is_no_brand(name: str) -> None:
    found = recall(name, title=f"{name} Recalled Due to Fire Hazard; Sold by Norvik", firms=("Norvik Inc., of Ohio",))
    assert {word for each in found.brand_names for word in each} == {"norvik"}
