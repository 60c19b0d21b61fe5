"""The recalls of Health Canada. The records are invented."""

from tests.recalls.publishers.reading import recalls


def test_a_recall_of_health_canada_is_read() -> None:
    base = {
        "NID": "82661",
        "URL": "https://recalls.example/en/x",
        "Organization": "CFIA",
        "Issue": "Milk",
        "Category": "Snacks",
        "Recall class": "Class 1",
        "Last updated": "2026-10-01",
        "Archived": "0",
    }
    rows = recalls(
        [
            base
            | {
                "Title": "Smart Snacks brand Puff recalled due to milk ",
                "Product": "Puff ",
                "What you should do": "Stop&nbsp;using the product.Consumers must check productsDo not consume",
            },
            base | {"NID": "2", "Title": "Various brands of sandwiches recalled", "Product": "Sandwiches"},
            base | {"NID": "3", "Title": "Transport Canada Recall", "Product": "School Bus recalled by MICRO BIRD"},
        ]
    )
    assert [(row.products[0].name, row.products[0].brand) for row in rows] == [
        ("Puff", "Smart Snacks"),
        ("Sandwiches", ""),
        ("School Bus", "MICRO BIRD"),
    ]
    assert rows[0].remedy == "Stop using the product.\nConsumers must check products\nDo not consume"
    assert rows[0].recalled_on is None
    assert (rows[0].facts["updated"], rows[0].facts["risk_level"]) == ("2026-10-01", "Class 1")
    assert rows[0].recorded == {"risk_level": "high"}
