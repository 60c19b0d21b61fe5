"""Recalls from tables: our own columns, columns in other languages, columns that a person chooses, and Excel."""

import io

import openpyxl
import pytest

from recalls.importers import registry, template
from recalls.importers.records import ImportedRecall, Reject, UnreadableFile


def recalls(text: str, mapping: dict[str, str] | None = None) -> list[ImportedRecall | Reject]:
    return registry.read(text.encode(), mapping).rows


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_empty_table_has_columns_that_are_all_recognised(form: str) -> None:
    with pytest.raises(UnreadableFile, match="has a header but no rows"):
        registry.read(template.blank(form))
    assert list(template.guessed(list(template.HEADER))) == list(template.FIELDS)


def test_rows_with_one_number_are_products_of_one_recall() -> None:
    header = "Recall number,Title,Recall date,Product,Brand,Model numbers,GTINs,Lots\n"
    (recall,) = recalls(
        header + "05012,Heaters,2026-03-01,Tower,Acme,A1; A2,4006381333931,L1\n05012,,,Fan,Acme,B1,,L2\n"
    )
    assert isinstance(recall, ImportedRecall)
    assert (recall.number, str(recall.recalled_on)) == ("05012", "2026-03-01")
    assert [(each.name, each.model_numbers) for each in recall.products] == [("Tower", ("A1", "A2")), ("Fan", ("B1",))]
    assert recall.facts["lots"] == ["L1", "L2"]


def test_one_number_with_two_titles_is_refused_from_the_second_row_on() -> None:
    first, second = recalls("number,title\n1,Heaters\n1,Kettles\n")
    assert isinstance(first, ImportedRecall)
    assert isinstance(second, Reject)
    assert second.reason == "line 3 repeats the number 1 with a different title: keep one per recall"


@pytest.mark.parametrize(
    "header",
    ["Rückrufnummer;Titel;Produkt;Marke;EAN", "Numéro de rappel;Titre;Produit;Marque;Code-barres", "召回编号;标题;产品名称;品牌;条码",
     "Número;Título;Producto;Marca;Código de barras"],
)  # fmt: skip
def test_headers_are_recognised_in_several_languages(header: str) -> None:
    (recall,) = recalls(f"{header}\n7;Heizlüfter;Lüfter;Acme;4006381333931\n")
    assert isinstance(recall, ImportedRecall)
    assert (recall.products[0].name, recall.products[0].brand, recall.products[0].gtins) == (
        "Lüfter",
        "Acme",
        ("04006381333931",),
    )


def test_unknown_columns_are_requested_and_unused_ones_reported() -> None:
    text = "Ref X;Bezug;Etwas\n7;Heizlüfter;neu\n"
    with pytest.raises(template.ColumnsUnknown) as asked:
        recalls(text)
    assert (asked.value.header, asked.value.sample) == (["Ref X", "Bezug", "Etwas"], [["7", "Heizlüfter", "neu"]])
    reading = registry.read(text.encode(), {"number": "Ref X", "title": "Bezug"})
    assert [row.number for row in reading.rows] == ["7"]
    assert reading.report.fields == {"Etwas": 1}
    assert isinstance(reading.rows[0], ImportedRecall)
    assert reading.rows[0].source["Etwas"] == "neu"


@pytest.mark.parametrize(
    ("given", "day"),
    [("2026-11-04", "2026-11-04"), ("04.11.2026", "2026-11-04"), ("November 4, 2026", "2026-11-04"), ("20/11/2026", "2026-11-20"), ("11/20/2026", "2026-11-20")],
)  # fmt: skip
def test_unambiguous_dates_are_read(given: str, day: str) -> None:
    (recall,) = recalls(f'number,title,date\n1,x,"{given}"\n')
    assert isinstance(recall, ImportedRecall)
    assert str(recall.recalled_on) == day


def test_an_ambiguous_date_is_refused() -> None:
    (reject,) = recalls("number,title,date\n1,x,04/11/2026\n")
    assert isinstance(reject, Reject)
    assert "could be two different days" in reject.reason


def test_a_workbook_is_read_as_people_see_it() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Recall number", "Title", "GTINs", None])
    book.worksheets[0].append(["05012", "Heaters", 4006381333931.0, None])
    book.worksheets[0].append([7, "Kettles", "'0051141405278", None])
    out = io.BytesIO()
    book.save(out)
    first, second = registry.read(out.getvalue()).rows
    assert isinstance(first, ImportedRecall)
    assert isinstance(second, ImportedRecall)
    assert (first.number, first.products[0].gtins, second.number, second.products[0].gtins) == (
        "05012",
        ("04006381333931",),
        "7",
        ("00051141405278",),
    )


def test_of_a_workbook_the_sheet_is_read_that_people_see() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for sheet, title in ((book.active, "Hidden heaters"), (book.create_sheet("Recalls"), "Kettles")):
        sheet.append(["Recall number", "Title"])
        sheet.append(["05012", title])
    book.worksheets[0].sheet_state, book.active = "hidden", 1
    book.save(out)
    (recall,) = registry.read(out.getvalue()).rows
    assert isinstance(recall, ImportedRecall)
    assert recall.title == "Kettles"


def test_bad_rows_cost_only_themselves_and_say_where() -> None:
    rows = recalls(
        'sep=;\nnumber;title;product\n1;ok;P;\n2;"open;P\n3;x;P;too;many\n;none;P\n4;fine;P\nnumber;title;product\n'
    )
    assert [(row.record, row.number) for row in rows if isinstance(row, ImportedRecall)] == [(3, "1"), (7, "4")]
    assert [(row.record, row.reason[:40]) for row in rows if isinstance(row, Reject)] == [
        (4, "line 4: a quote is not closed: put quote"),
        (5, "line 5 has 5 cells but the header has 3:"),
        (6, "number is missing or empty: give the pub"),
    ]
