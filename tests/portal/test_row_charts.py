"""The geometry of bars in rows."""

from portal.charts import RowData, row_chart

WORDS = {"title": "t", "finding": "f", "headings": ("Platform", "Count"), "table": [("Bazaarly", "4")]}


def test_rows_share_one_scale_and_a_number_is_written_only_where_it_has_room() -> None:
    rows = [
        RowData("Bazaarly: 100", [("late", 0, 1, "1", "Late: 1"), ("met", 1, 100, "99", "Met: 99")]),
        RowData("Market One", [("bar", 25, 75, "", "")], mark=50),
    ]
    chart = row_chart(rows, **WORDS)
    first, second = chart.wide.bars
    assert [(piece.x, piece.width, piece.text) for piece in first.pieces] == [(8, 7.0, ""), (15.0, 697.0, "99")]
    assert (second.pieces[0].x, second.pieces[0].width, second.mark) == (184.0, 352.0, 360.0)
    assert [bar.mark for bar in chart.narrow.bars] == [None, 170.0]
    assert (second.top - first.top, chart.wide.height) == (46, 96)


def test_without_rows_there_is_nothing_to_draw_and_a_row_of_nothing_is_a_row() -> None:
    assert row_chart([], **WORDS).is_empty
    assert not row_chart([RowData("Decided: 0", [("bar", 0, 0, "", "")])], **WORDS).is_empty
