"""Another product in the recall editor: at once with JavaScript, on the page that comes back without it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.models import Organisation, User
from recalls.models import Recall
from tests.browser.accessible import violations
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.id"


def products_of(number: str) -> list[tuple[str, list[str]]]:
    version = Recall.objects.get(number=number).versions.get()
    return [(product.name, product.model_numbers) for product in version.products.all()]


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_another_product_is_added_read_and_saved_at_once(
    width: int, dark: bool, officer: User, regulator: Organisation, visit: Callable[..., Visit]
) -> None:
    seen = visit(officer, width=width, dark=dark)
    page = seen.open("/recalls/add/")
    expect(page.get_by_role("button", name="Remove this product")).to_have_count(0)
    page.fill("#id_number", "26-900")
    page.fill("#id_title", "Kettles Recalled")
    page.fill("#id_products-0-name", "Steam kettles")
    page.get_by_role("button", name="Add another product").press("Enter")
    assert page.evaluate(FOCUSED) == "id_products-1-name"
    products = [text for text in page.get_by_role("group").all_inner_texts() if text.startswith("Product")]
    assert products[-1].startswith("Product 2")
    page.keyboard.type("Drip kettles")
    page.fill("#id_products-1-model_numbers", "KTL-4711D")
    page.wait_for_selector("#reading :text('KTL-4711D')")
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not Recall.objects.exists()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=The draft is saved")
    assert products_of("26-900") == [("Steam kettles", []), ("Drip kettles", ["KTL-4711D"])]
    assert seen.complaints == []


def test_rows_are_removed_again_and_those_that_stay_keep_what_is_typed(
    officer: User, regulator: Organisation, visit: Callable[..., Visit]
) -> None:
    page = visit(officer).open("/recalls/add/")
    page.fill("#id_number", "26-900")
    page.fill("#id_title", "Kettles Recalled")
    page.fill("#id_products-0-name", "First")
    for name, model in (("Second", "SND-2222B"), ("Third", "THR-3333C")):
        page.get_by_role("button", name="Add another product").click()
        page.keyboard.type(name)
        page.locator("[data-row=products]").last.get_by_label("Model numbers").fill(model)
    page.wait_for_selector("#reading :text('SND-2222B')")
    page.get_by_role("group", name="Product 2").get_by_role("button", name="Remove this product").click()
    assert page.evaluate("document.activeElement.innerText") == "Add another product"
    expect(page.locator("#reading")).not_to_contain_text("SND-2222B")
    expect(page.locator("#reading")).to_contain_text("THR-3333C")
    assert page.input_value("#id_products-1-name") == "Third"
    assert page.get_by_label("GTINs or UPCs").last.get_attribute("aria-describedby") == "id_products-1-gtins_helptext"
    page.get_by_role("group", name="Product 1").get_by_role("button", name="Remove this product").click()
    expect(page.get_by_role("button", name="Remove this product")).to_have_count(0)
    page.fill("#id_products-0-gtins", "123")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=123 has 3 digits")
    expect(page.locator("[data-row=products]"), "a refusal brings back the rows there were").to_have_count(1)
    page.fill("#id_products-0-gtins", "")
    page.locator("#id_products-0-name").press("Enter")  # it saves, as ever, and adds no row
    page.wait_for_selector("text=The draft is saved")
    assert products_of("26-900") == [("Third", ["THR-3333C"])]


def test_a_saved_draft_gets_rows_beside_those_that_are_saved(
    officer: User, regulator: Organisation, visit: Callable[..., Visit]
) -> None:
    page = visit(officer).open("/recalls/add/")
    page.fill("#id_number", "26-900")
    page.fill("#id_title", "Kettles Recalled")
    page.fill("#id_products-0-name", "First")
    page.get_by_role("button", name="Save").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Edit").first.click()
    for name in ("Second", "Third"):
        page.get_by_role("button", name="Add another product").click()
        page.keyboard.type(name)
    page.get_by_role("group", name="Product 1").get_by_label("Delete").check()
    page.get_by_role("group", name="Product 2").get_by_role("button", name="Remove this product").click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=Saved.")
    assert products_of("26-900") == [("Third", [])]


def test_without_javascript_the_button_brings_the_page_back_with_another_row(
    officer: User, regulator: Organisation, visit: Callable[..., Visit]
) -> None:
    page = visit(officer, scripts=False).open("/recalls/add/")
    page.fill("#id_number", "26-900")
    page.fill("#id_title", "Kettles Recalled")
    page.fill("#id_products-0-name", "First")
    page.click("button:has-text('Add another product')")
    expect(page.locator("#id_products-1-name")).to_be_focused()
    expect(page.locator("#id_title")).to_have_value("Kettles Recalled")
    page.keyboard.type("Second")
    assert not Recall.objects.exists()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=The draft is saved")
    assert products_of("26-900") == [("First", []), ("Second", [])]
