"""Papers as PDF: any script the shipped fonts cover, the same file for the same content, and no silent loss."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from portal.media import pdf
from portal.media.pdf import Paper

MOMENT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def printed(paper: Paper) -> str:
    pages = PdfReader(io.BytesIO(paper.render())).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def paper_with(text: str) -> Paper:
    paper = Paper("A letter", MOMENT)
    paper.text(text)
    return paper


@pytest.mark.parametrize(
    "text",
    [
        "Keramik-Heizlüfter, Größe 3",
        "Calefactor cerámico: ¡retirado!",
        "обогреватель",
        "θερμαντήρας",
        "陶瓷加热器 商品信息已下架",
        "電暖器 下架通知",
        "セラミックヒーター 暖房器具",
        "세라믹 히터 리콜",
        "máy sưởi gốm sứ",
    ],
)
def test_each_script_is_written_with_letters_that_can_be_read_again(text: str) -> None:
    assert "".join(text.split()) in printed(paper_with(text))


@pytest.mark.parametrize("text", ["مدفأة", "תנור"])
def test_scripts_from_the_right_are_shaped_and_none_is_missing(text: str) -> None:
    assert "drawnas" not in printed(paper_with(text))


def test_a_character_of_no_font_is_a_box_and_said() -> None:
    text = printed(paper_with("Heater हीटर ᚠ"))
    assert "5charactersareinnofonthereanddrawnas□" in text
    assert text.startswith("Heater□")


def test_a_folder_of_further_fonts_is_used_and_a_broken_one_in_it_is_passed_over(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SHIPPED", ())
    assert "drawnas" in printed(paper_with("下架"))
    settings.PDF_FONTS = str(tmp_path)
    (tmp_path / "a-broken.ttf").write_bytes(b"no font")
    (tmp_path / "b-own.ttf").write_bytes((pdf.FONTS / "NotoSansSC-Subset.ttf").read_bytes())
    assert printed(paper_with("下架")) == "下架1/1"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the font files that papers read, in order."""
    names: list[str] = []
    add = pdf.FPDF.add_font

    def noted(sheet: pdf.FPDF, family: str, style: str, font: Path) -> None:
        names.append(font.name)
        add(sheet, family, style, font)

    monkeypatch.setattr(pdf.FPDF, "add_font", noted)
    return names


@pytest.mark.parametrize("text", ["Heater “Größe 3” – 29,90 € → gone ✓", "máy sưởi gốm sứ", "陶瓷 heater", "ᚠ heater"])
def test_a_latin_paper_is_the_same_file_with_the_part_of_the_font_as_with_the_whole(
    text: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = paper_with(text)
    paper.table(["Name", "Value"], [[text, "1"]])
    part = paper.render()
    assert set(read) >= {"DejaVuSans-Latin.ttf", "DejaVuSans-Latin-Bold.ttf"}
    assert "DejaVuSans.ttf" not in read
    monkeypatch.setattr(pdf, "_is_latin", lambda _wanted: False)
    assert paper.render() == part
    assert "DejaVuSans.ttf" in read


@pytest.mark.parametrize("text", ["обогреватель heater", "مدفأة heater"])
def test_a_paper_with_other_letters_reads_the_whole_font(text: str, read: list[str]) -> None:
    paper_with(text).render()
    assert set(read) >= {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf"}


def test_the_same_content_gives_the_same_file_and_language_and_title_are_stated() -> None:
    def make() -> bytes:
        paper = Paper("Brief", MOMENT, "de")
        paper.heading("Brief", 1)
        paper.facts([("Frist", "Montag")])
        paper.table(("Wann", "Was"), [("heute", "geschlossen")])
        return paper.render()

    first = make()
    assert make() == first
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata
    assert (reader.metadata.title, reader.root_object["/Lang"]) == ("Brief", "de")


def test_long_text_goes_on_over_pages_and_an_unbroken_word_stays_on_the_sheet() -> None:
    paper = paper_with("x" * 5_000)
    paper.table(("A", "B"), [(str(number), "y" * 300) for number in range(120)])
    reader = PdfReader(io.BytesIO(paper.render()))
    assert len(reader.pages) > 3
    assert "119" in reader.pages[-1].extract_text()


LONG = {
    "words": "ab " * 2_000,
    "one word": "W" * 5_000,
    "line ends": "\n" * 5_000,
    "Arabic": "مرحبا " * 700,
    "Chinese": "漢" * 5_000,
    "boxes": "ก" * 2_000,
    "dashes beside Arabic": "م" + "-" * 2_000,
    "dollars beside Arabic": "م" + "$" * 2_000 + "1",
    "isolated letters": ("-" * 200 + "\u2066a\u2069") * 10 + "م",
    "combining marks": "e" + "\u0301" * 5_000,
    "wide signs": "\ufdfa\u2e3b" * 2_000,
    "reversed": "\u202eabc" * 1_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_no_text_is_too_long_or_too_strange_to_be_drawn_anywhere(text: str) -> None:
    paper = Paper("Case", MOMENT)
    paper.heading(text)
    paper.text(text)
    paper.facts([("Title", text)])
    paper.table(("When", "Who", "Message", "Files", "Text"), [("now", text, text, text, "end of the row")])
    assert "endoftherow" in printed(paper)


def test_a_text_that_goes_on_in_further_rows_loses_nothing() -> None:
    paper = Paper("Case", MOMENT)
    told = [f"word{number}" for number in range(600)]
    paper.table(("When", "Message"), [("now", " ".join(told))])
    assert "".join(told) in printed(paper)
