"""Charts: the finding above, a gap said and not drawn as zero, vectors only."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.briefing import document
from tasks.briefing.charts import plot
from tasks.briefing.layout import Chart, ChartKind, Language, Limit, MisfitError, Series
from tests.briefing import issues, reader

KINDS = list(ChartKind)


def said(chart: Chart, language: Language = "zh-hans") -> str:
    """Everything on the pages of an issue that holds this chart and no tiles."""
    content = document.render(replace(issues.with_blocks(chart), language=language, tiles=()))
    return "".join(run.text for page in reader.sheets(content) for run in page.runs)


def gaps(whole: str) -> int:
    """How often a text says that something was not reported; upright words are written from the foot up."""
    return whole.count("未报送") + whole.count("送报未")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_finding_unit_date_and_source(kind: ChartKind) -> None:
    whole = said(issues.gapped_charts()[kind])
    for words in ("图 1　结论写在标题里", "单位：亿元", "截至10月31日", "来源：各银行"):
        assert words in whole


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_its_gaps_and_only_those(kind: ChartKind) -> None:
    chart = issues.gapped_charts()[kind]
    missing = {n for series in chart.series for n, value in enumerate(series.values) if value is None}
    lines = 2 if kind is ChartKind.STACKED_BARS_AND_LINE else 1  # the bars and the line each have one
    assert gaps(said(chart)) == len(missing) * lines == lines
    filled = tuple(replace(s, values=tuple(v or 0.0 for v in s.values)) for s in chart.series)
    assert gaps(said(replace(chart, series=filled))) == 0


@pytest.mark.parametrize("kind", [ChartKind.STACKED_BARS, ChartKind.LINES])
def test_a_gap_of_some_is_told_from_a_gap_of_all(kind: ChartKind) -> None:
    some = issues.chart(
        kind, Series("甲行", (1.0, None)), Series("乙行", (1.0, 1.0)), categories=("甲", "乙")
    )
    every = issues.chart(
        kind, Series("甲行", (1.0, None)), Series("乙行", (1.0, None)), categories=("甲", "乙")
    )
    assert "送报未分部" in said(some)
    assert "送报未分部" not in said(every)
    assert gaps(said(every)) == 1


@pytest.mark.parametrize("language", get_args(Language))
def test_a_chart_without_any_value_says_so_and_draws_nothing(language: Language) -> None:
    silent = issues.chart(ChartKind.BARS, Series("余额", (None,) * 10))
    assert ("not reported" if language == "en" else "未报送") in said(silent, language)
    named = issues.chart(ChartKind.BARS, categories=(), empty_text="本期无图")
    assert "本期无图" in said(named, language)


def test_a_missing_bar_has_no_height() -> None:
    values = (2.0, None, 2.0)
    chart = issues.chart(ChartKind.BARS, Series("余额", values), categories=("甲", "乙", "丙"))
    zero = replace(chart, series=(Series("余额", (2.0, 0.0, 2.0)),))
    missing_points = [
        p for page in reader.sheets(document.render(issues.with_blocks(chart))) for p in page.points
    ]
    zero_points = [
        p for page in reader.sheets(document.render(issues.with_blocks(zero))) for p in page.points
    ]
    assert len(missing_points) == len(zero_points) - 2  # one rectangle fewer, nothing in its place


def test_a_line_is_open_where_a_value_is_missing() -> None:
    whole = issues.chart(ChartKind.LINES, Series("余额", (1.0, 2.0, 3.0)), categories=("甲", "乙", "丙"))
    broken = replace(whole, series=(Series("余额", (1.0, None, 3.0)),))
    counts = [
        sum(len(page.points) for page in reader.sheets(document.render(issues.with_blocks(chart))))
        for chart in (whole, broken)
    ]
    assert counts[0] - counts[1] == 2 * 2 + 5  # two strokes of two ends, and one dot of five points


def test_labels_are_printed_as_they_come() -> None:
    labels = ("1.005", "2.675", "—")
    chart = issues.chart(
        ChartKind.BARS, Series("余额", (1.0, 2.7, None), labels), categories=("甲", "乙", "丙")
    )
    whole = said(chart)
    assert "1.005" in whole
    assert "2.675" in whole


def test_charts_are_vectors_with_text() -> None:
    content = document.render(issues.everything())
    with reader.opened(content) as pdf:
        assert not [page for page in pdf.pages if "/XObject" in page.resources]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 40])
def test_few_or_many_categories_with_hostile_names_can_be_drawn(kind: ChartKind, count: int) -> None:
    chart = issues.gapped_charts()[kind]
    names = tuple(("<b>&" + "超长名称" * 30) if n % 2 else "😀\u202eمرحبا" for n in range(count))
    series = tuple(Series("系列" * 60, (7.0,) * count, ("标签" * 30,) * count) for _ in chart.series)
    hostile = replace(chart, categories=names, series=series, limits=(Limit("上限" * 80, 9.0),))
    for page in reader.sheets(document.render(issues.with_blocks(hostile))):
        for run in page.runs:
            assert run.x >= 79.0, run
            assert run.x + run.width <= 522.5, run


@pytest.mark.parametrize(
    "values", [(0.0, 0.0), (-5.0, -2.0), (-3.0, 4.0), (1e-9, 2e-9), (1e12, 3e12), (5.0, 5.0), (-1.0, 0.0)]
)
def test_extreme_values_can_be_drawn(values: tuple[float, float]) -> None:
    for kind in (ChartKind.BARS, ChartKind.LINES, ChartKind.HORIZONTAL_BARS):
        assert "图 1" in said(issues.chart(kind, Series("余额", values), categories=("甲", "乙")))


@pytest.mark.parametrize(
    ("step", "value", "label"),
    [
        (2.5, 7.5, "7.5"),
        (2.5, 5.0, "5.0"),
        (1.0, 3.0, "3"),
        (0.25, -0.5, "−0.50"),
        (1000.0, 4000.0, "4,000"),
        (2.5, 0.0, "0"),
    ],
)
def test_ticks_are_labelled_exactly(step: float, value: float, label: str) -> None:
    assert plot.Scale(0.0, 10.0, step).label(value) == label


finite = st.floats(min_value=-1e12, max_value=1e12, allow_subnormal=False).filter(
    lambda v: v == 0 or abs(v) > 1e-6
)


@given(st.lists(finite, min_size=1, max_size=20), st.booleans())
def test_a_scale_holds_every_value_between_its_ticks(values: list[float], from_zero: bool) -> None:
    made = plot.scale(values, from_zero=from_zero)
    slack = 1e-6 * made.step
    assert made.low - slack <= min(values)
    assert max(values) <= made.high + slack
    assert made.low < made.high
    if from_zero:
        assert made.low <= 0.0 <= made.high
    assert len(made.ticks()) <= 12


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(MisfitError, match="finite"):
        issues.chart(ChartKind.BARS, Series("余额", (bad,)), categories=("甲",))


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(MisfitError, match="a category"):
        issues.chart(ChartKind.BARS, Series("余额", (1.0, 2.0)), categories=("甲",))
    with pytest.raises(MisfitError, match="a category"):
        issues.chart(ChartKind.BARS, Series("余额", (1.0,), ("1", "2")), categories=("甲",))


def test_a_kind_refuses_the_wrong_number_of_series() -> None:
    one = Series("余额", (1.0,))
    for kind, count in (
        (ChartKind.BARS, 2),
        (ChartKind.BRIDGE, 1),
        (ChartKind.STACKED_BARS_AND_LINE, 1),
        (ChartKind.LINES, 7),
    ):
        with pytest.raises(MisfitError, match="series"):
            issues.chart(kind, *(one,) * count, categories=("甲",))


def test_a_funnel_refuses_a_negative_stage() -> None:
    with pytest.raises(MisfitError, match="negative"):
        issues.chart(ChartKind.FUNNEL, Series("企业", (3.0, -1.0)), categories=("甲", "乙"))
