from tests.listings.matching.build import found, listing, recall

TITLE = "Maclaren Recalls Strollers"


def test_brand_and_kind_are_enough_where_the_recall_says_all() -> None:
    recalled = recall("Maclaren strollers", title=TITLE, description="This recall involves all Maclaren strollers.")
    assert found(recalled, listing("Maclaren Volo stroller"))["name_plain"].weight > 1


def test_they_say_less_where_it_does_not_say_all_and_nothing_where_it_lists_models() -> None:
    sure = recall("Maclaren strollers", title=TITLE, description="This recall involves all Maclaren strollers.")
    unsure = recall("Maclaren strollers", title=TITLE)
    listed = recall("Maclaren strollers", title=TITLE, models=("WM1Y70042",))
    stroller = listing("Maclaren Volo stroller")
    assert found(sure, stroller)["name_plain"].weight > found(unsure, stroller)["name_plain"].weight > 0
    assert "name_plain" not in found(listed, stroller)


def test_another_kind_of_the_brand_is_not_meant() -> None:
    assert "name_plain" not in found(recall("Maclaren strollers", title=TITLE), listing("Maclaren umbrella"))


def test_a_name_that_says_more_is_no_plain_name() -> None:
    assert "name_plain" not in found(recall("Maclaren Zelprio strollers", title=TITLE), listing("Maclaren stroller"))


def test_a_title_that_begins_with_another_maker_is_not_of_this_one_whatever_else_it_says() -> None:
    recalled = recall("Next Step cups", brand="Next Step", description="This recall involves all Next Step cups.")
    assert "name_plain" in found(recalled, listing("Next Step cup"))
    assert "name_plain" not in found(recalled, listing("Philips next step cup"))
