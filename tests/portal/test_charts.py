"""The geometry of what pages draw."""

from portal.charts import bar_chart, time_line


def test_bars_are_as_high_as_their_values_and_past_the_target_from_its_index_on() -> None:
    chart = bar_chart([("0–6 h", 4), ("6–24 h", 2), ("over", 0)], title="t", finding="f", unit="u", over_from=1)
    assert [bar.height for bar in chart.bars] == [168.0, 84.0, 0.0]
    assert [bar.over for bar in chart.bars] == [False, True, True]
    assert not chart.is_empty
    assert bar_chart([("0–6 h", 0)], title="t", finding="f", unit="u").is_empty


def test_a_time_line_is_to_scale_and_turns_late_at_the_due_moment() -> None:
    line = time_line([("Start", 0), ("Reminder", 50), ("Missed", 100), ("Letter", 200)], due=100)
    assert [mark.x for mark in line.marks] == [12.0, 186.0, 360.0, 708.0]
    assert (line.due_x, line.end_x) == (360.0, 708.0)
    assert [mark.over for mark in line.marks] == [False, False, False, True]
    assert [mark.anchor for mark in line.marks] == ["start", "start", "start", "end"]
    assert [mark.text_y for mark in line.marks] == [16, 16, 16, 16]
    near = time_line([("Missed", 100), ("Officer", 101), ("Letter", 900)], due=100)
    assert [mark.text_y for mark in near.marks] == [16, 32, 16]
