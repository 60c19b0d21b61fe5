"""The campaigns of NHTSA: the flat file, and the API. The records are invented."""

from recalls.importers.nhtsa import FIELDS
from recalls.importers.records import ImportedRecall, Reject
from tests.recalls.publishers.reading import read, recalls


def campaign(**changes: str) -> str:
    values = dict.fromkeys(FIELDS, "") | {
        "RECORD_ID": "1", "CAMPNO": "10V080000", "MAKETXT": "GEM", "MODELTXT": "e2", "YEARTXT": "2009", "COMPNAME": "PARKING BRAKE", "MFGTXT": "GEM LLC",
        "BGMAN": "20091208", "ENDMAN": "20091215", "RCLTYPECD": "V", "POTAFF": "142", "ODATE": "19010101", "RCDATE": "20100304", "DESC_DEFECT": 'A "quoted defect.',
        "NOTES": "GO TO <A HREF=HTTP://WWW.X.GOV>HTTP://WWW.X.GOV</A> .", "DO_NOT_DRIVE": "Yes", "PARK_OUTSIDE": "No",
    } | changes  # fmt: skip
    return "\t".join(values[name] for name in FIELDS)


def test_the_flat_file_of_nhtsa_is_read() -> None:
    rows = [
        campaign(),
        campaign(MODELTXT="e6"),
        campaign(CAMPNO="10C005000", MAKETXT="EVENFLO", MODELTXT="310 (MAESTRO)", YEARTXT="9999", RCLTYPECD="C"),
        campaign(CAMPNO="23V001000") + "\tEXTRA",
    ]
    reading = read("\r\n".join(rows) + "\r\n")
    vehicle, seat, moved = reading.rows
    assert (reading.records, vehicle.number) == (4, "10V080000")
    assert isinstance(vehicle, ImportedRecall)
    assert [(each.name, each.model_numbers, each.description) for each in vehicle.products] == [
        ("GEM e2", ("e2",), "Model year 2009"),
        ("GEM e6", ("e6",), "Model year 2009"),
    ]
    assert (vehicle.description, str(vehicle.recalled_on), vehicle.units) == ('A "quoted defect.', "2010-03-04", "142")
    assert (vehicle.facts["made"], vehicle.facts["advice"], vehicle.facts["remarks"]) == (
        "2009-12-08 to 2009-12-15",
        ["Do not drive"],
        ["GO TO HTTP://WWW.X.GOV ."],
    )
    assert isinstance(seat, ImportedRecall)
    assert (seat.products[0].name, seat.products[0].model_numbers, seat.products[0].description) == (
        "EVENFLO 310 (MAESTRO)",
        ("310",),
        "",
    )
    assert isinstance(moved, Reject)
    assert (moved.number, "30 fields" in moved.reason) == ("23V001000", True)


def test_nhtsa_api_dates_are_day_first() -> None:
    row = {
        "NHTSACampaignNumber": "20V682000",
        "Manufacturer": "Toyota",
        "ReportReceivedDate": "04/11/2020",
        "Component": "FUEL",
        "Make": "TOYOTA",
        "Model": "CAMRY",
        "ModelYear": "2020",
        "parkOutSide": True,
    }
    (recall,) = recalls({"Count": 1, "Message": "ok", "results": [row]})
    assert (str(recall.recalled_on), recall.facts["vehicles"], recall.facts["advice"]) == (
        "2020-11-04",
        ["TOYOTA CAMRY 2020"],
        ["Park outside"],
    )
