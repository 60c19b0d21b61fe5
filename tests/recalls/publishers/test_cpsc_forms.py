"""CPSC's recalls as XML of its API and as the table that its website offers. The records are invented."""

from datetime import date
from typing import Any

from recalls.importers.records import Reject
from tests.recalls.publishers.reading import read, recalls

XML = """<?xml version="1.0" encoding="utf-8"?>
<ArrayOfRecall xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.example.gov/recalls">
  <Recall>
    <RecallID>10311</RecallID>
    <RecallNumber>25706</RecallNumber>
    <RecallDate>2025-06-26T00:00:00</RecallDate>
    <Title>Hearthline Recalls Tower Heaters Due to Fire Hazard</Title>
    <Description>Model HL-200R &amp; HL-300R.</Description>
    <Products>
      <Product><Name>Hearthline Tower Heaters</Name><Model i:nil="true"/><NumberOfUnits>About 950</NumberOfUnits></Product>
    </Products>
    <ProductUPCs><ProductUPC><UPC>036000291452</UPC></ProductUPC><ProductUPC><UPC>4006381333931</UPC></ProductUPC></ProductUPCs>
    <Images><Image><URL>https://www.example.gov/1.jpg</URL><Caption>Front</Caption></Image>
      <Image><URL>https://www.example.gov/2.jpg</URL></Image></Images>
    <Hazards><Hazard><Name>The heater can catch fire.</Name></Hazard></Hazards>
    <RemedyOptions><RemedyOption><Option>Refund</Option></RemedyOption></RemedyOptions>
    <Injuries/>
    <Manufacturers><Manufacturer><Name>Hearthline, of Norway</Name></Manufacturer></Manufacturers>
    <ManufacturerCountries><ManufacturerCountry><Country>Norway</Country></ManufacturerCountry></ManufacturerCountries>
  </Recall>
  <Recall><RecallID>10312</RecallID><RecallNumber>25707</RecallNumber><RecallDate>soon</RecallDate><Title>Tamlo Recalls Lamps</Title></Recall>
</ArrayOfRecall>
"""
HEADER = (
    "Recall Number,Product Safety Warning Number,Date,Product Safety Warning Date,Recall Heading,Name of product,Description,"
    "Hazard Description,Consumer Action,Original Product Safety Warning Announcement,Remedy Type,Units,Incidents,Remedy,"
    "Sold At Label,Sold At,Importers,Manufacturers,Distributors,Manufactured In,Custom Label,Custom Field"
)


def table(*rows: dict[str, str]) -> str:
    names = HEADER.split(",")
    quoted = ((row.get(name, "").replace('"', '""') for name in names) for row in rows)
    return "\n".join([HEADER, *(",".join(f'"{cell}"' for cell in cells) for cells in quoted)])


def row(**changes: str) -> dict[str, str]:
    return {
        "Recall Number": "25-706", "Date": "June 26, 2025", "Recall Heading": "Hearthline Recalls Tower Heaters Due to Fire Hazard",
        "Name of product": "Hearthline Tower Heaters", "Description": "Model HL-200R, UPC 036000291452.",
        "Hazard Description": "The heater can catch fire.", "Consumer Action": "Stop using the heaters.", "Remedy Type": "Refund, Dispose",
        "Units": "About 950", "Incidents": "Two reports of smoke", "Remedy": "Contact Hearthline for a refund.",
        "Sold At Label": "Sold At", "Sold At": "Online at Bazaarly", "Manufacturers": "Hearthline, of Norway", "Manufactured In": "Norway",
    } | {name.replace("_", " "): value for name, value in changes.items()}  # fmt: skip


def test_the_xml_of_the_api_is_read_like_its_json() -> None:
    reading = read(XML)
    recall, refused = reading.rows
    assert reading.publisher == "U.S. Consumer Product Safety Commission"
    assert not isinstance(recall, Reject)
    assert (recall.number, recall.recalled_on, recall.description) == (
        "25706",
        date(2025, 6, 26),
        "Model HL-200R & HL-300R.",
    )
    (product,) = recall.products
    assert (product.name, product.brand, product.model_numbers, product.units, product.gtins) == (
        "Hearthline Tower Heaters",
        "Hearthline",
        (),
        "About 950",
        ("00036000291452", "04006381333931"),
    )
    assert recall.pictures == (("https://www.example.gov/1.jpg", "Front"), ("https://www.example.gov/2.jpg", ""))
    assert (recall.hazard, recall.firms) == ("The heater can catch fire.", ("Hearthline, of Norway",))
    assert (recall.facts["options"], recall.facts["origin"]) == (["Refund"], ["Norway"])
    assert isinstance(refused, Reject)
    assert (refused.number, refused.reason) == ("25707", "RecallDate 'soon' is not a date: write it like 2025-06-26")


def test_xml_that_is_cut_off_gives_what_came_before() -> None:
    reading = read(XML[: XML.index("<Recall><RecallID>10312")])
    assert [each.number for each in reading.rows] == ["25706", ""]
    assert "download the file again" in str(getattr(reading.rows[1], "reason", ""))


def test_a_row_of_the_websites_table_is_the_recall_of_the_api() -> None:
    (recall,) = recalls(table(row()))
    assert (recall.number, recall.recalled_on) == ("25706", date(2025, 6, 26))
    (product,) = recall.products
    assert (product.name, product.brand, product.units) == ("Hearthline Tower Heaters", "Hearthline", "About 950")
    assert recall.hazard == "The heater can catch fire."
    assert recall.remedy == "Stop using the heaters.\nContact Hearthline for a refund."
    assert (recall.sold_at, recall.firms) == ("Online at Bazaarly", ("Hearthline, of Norway",))
    assert (recall.facts["options"], recall.facts["origin"], recall.facts["text_models"]) == (
        ["Refund", "Dispose"],
        ["Norway"],
        ["HL-200R"],
    )
    assert recall.recorded["injury_details"] == "Two reports of smoke"
    assert recall.source["Recall Number"] == "25-706"


def test_a_warning_of_the_table_keeps_its_own_number_and_day() -> None:
    """CPSC warns alone where a seller abroad does not answer: such a row has no recall number."""
    (recall,) = recalls(
        table(
            row(
                Recall_Number="",
                Date="",
                Product_Safety_Warning_Number="25-412",
                Product_Safety_Warning_Date="August 7, 2025",
                Recall_Heading="CPSC Warns Consumers to Immediately Stop Using Tamlo Bath Seats; Deadly Drowning Hazard",
                Name_of_product="Tamlo Bath Seats",
            )
        )
    )
    assert (recall.number, recall.recalled_on, recall.products[0].name) == (
        "25412",
        date(2025, 8, 7),
        "Tamlo Bath Seats",
    )


def test_bad_rows_of_the_table_cost_themselves_alone() -> None:
    rows = read(table(row(Recall_Number="", Date=""), row(Date="6/26/2025"), row(Recall_Number="25-708"))).rows
    reasons = [each.reason if isinstance(each, Reject) else each.number for each in rows]
    assert reasons == [
        "Recall Number and Product Safety Warning Number are empty: give one of them",
        "Date '6/26/2025' is not a date: write it like June 26, 2025",
        "25708",
    ]


def test_older_tables_without_warnings_are_recognised() -> None:
    names = [name for name in HEADER.split(",") if "Warning" not in name]
    content: dict[str, Any] = row()
    text = ",".join(names) + "\n" + ",".join(f'"{content.get(name, "")}"' for name in names)
    assert [each.number for each in recalls(text)] == ["25706"]
