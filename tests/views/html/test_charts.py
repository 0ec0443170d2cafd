"""Charts inside a page: named by their caption, with the page's colours, small, and valid Vega-Lite."""

from __future__ import annotations

import re

import altair as alt
import pytest

from icp_sync.views import charts
from icp_sync.views.html.history_chart import RunTiers, history_chart
from icp_sync.views.html.score_chart import ThresholdLine, score_chart
from icp_sync.views.html.world_map import Bubble, world_map

NIGHTS = [
    RunTiers("2026-11-27T02:00:00", {"tier_1": 10, "tier_2": 20}),
    RunTiers("2026-11-28T02:00:00", {"tier_1": 12, "tier_2": 18}, edited=True),
]
BINS = [(55, "not_icp", 30), (60, "tiered", 12), (95, "tiered", 4)]


@pytest.fixture(scope="module")
def pictures() -> list[str]:
    berlin, valletta = Bubble("Germany", 52.5, 13.4, 900), Bubble("Malta", 35.9, 14.5, 1)
    lines = [ThresholdLine("tier_1", 80, 75), ThresholdLine("tier_2", 60, 60)]
    return [*history_chart(NIGHTS, "a"), *score_chart(BINS, BINS, lines, "b"), world_map([berlin, valletta], "c")]


def test_a_picture_is_one_image_named_by_its_caption(pictures: list[str]) -> None:
    for picture, figure in zip(pictures, "aabbc", strict=True):
        assert re.match(rf'<svg viewBox="0 0 \d+ \d+" [^>]* role="img" aria-labelledby="{figure}-caption">', picture)
        assert picture.count("role=") == picture.count("<svg") == 1
        assert picture.count("aria-hidden") == 1


def test_it_asks_for_nothing_and_names_no_address(pictures: list[str]) -> None:
    assert re.findall(r"https?:|<script|<style|<image|@import|href", "".join(pictures)) == []


def test_it_has_the_page_s_colours_alone(pictures: list[str]) -> None:
    colours = re.findall(r'(?:fill|stroke)="([^"]*)"', "".join(pictures))
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {"none", "transparent"}


def test_names_inside_are_the_figure_s_own(pictures: list[str]) -> None:
    ids = re.findall(r' id="([^"]*)"', "".join(pictures))
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("c-") for name in ids)


@pytest.mark.slow
def test_it_is_small(pictures: list[str]) -> None:
    assert max(map(len, pictures[:4])) < 25_000
    assert len(pictures[4]) < 60_000


def test_the_area_of_a_circle_is_its_companies() -> None:
    drawn = world_map([Bubble("A", 0, 0, 400), Bubble("B", 40, 90, 100)], "c")
    radii = [float(radius) for radius in re.findall(r'translate\([^)]*\)" d="M([\d.]+),0A', drawn)]
    assert len(radii) == 2
    assert radii[0] / radii[1] == pytest.approx(2, abs=0.05)


def test_a_large_country_is_named_and_one_that_would_run_into_it_is_not() -> None:
    drawn = world_map([Bubble("Germany", 52.5, 13.4, 900), Bubble("Austria", 48.2, 16.4, 200)], "c")
    assert "Germany" in drawn
    assert "Austria" not in drawn


def test_where_the_profile_was_edited_there_is_a_mark() -> None:
    assert history_chart(NIGHTS, "a")[0].count("▼") == 1
    assert "▼" not in history_chart(NIGHTS[:1] * 2, "a")[0]


def test_a_day_is_named_once_however_many_runs_it_has() -> None:
    twice = [RunTiers(f"2026-11-{day}T{hour}:00:00", {"tier_1": day}) for day in (27, 28, 29) for hour in ("02", "14")]
    assert re.findall(r">(\d+ Nov)<", history_chart(twice, "a")[0]) == ["27 Nov", "28 Nov", "29 Nov"]
    hours = [RunTiers(f"2026-11-27T0{hour}:00:00", {"tier_1": hour}) for hour in range(3)]
    assert re.findall(r">(\d\d:\d\d)<", history_chart(hours, "a")[0]) == ["00:00", "01:00", "02:00"]


def test_lines_that_end_at_the_same_height_are_named_one_above_the_other() -> None:
    even = [RunTiers(f"2026-11-{day}T02:00:00", {"tier_1": 50, "tier_2": 50, "tier_3": 80}) for day in (27, 28)]
    for picture in history_chart(even, "a"):
        names = re.findall(r'translate\(([\d.]+),([\d.]+)\)"[^>]*>(Tier \d)<', picture)
        heights = {name: float(y) for _, y, name in names}
        assert heights["Tier 2"] - heights["Tier 1"] > 11
        assert heights["Tier 1"] - heights["Tier 3"] > 11


def test_many_runs_name_as_many_days_as_there_is_room_for() -> None:
    month = [RunTiers(f"2026-11-{day:02}T02:00:00", {"tier_1": day}) for day in range(1, 31)]
    days = [len(re.findall(r">\d+ Nov<", picture)) for picture in history_chart(month, "a")]
    assert days == [6, 2]


def test_the_scores_of_a_tier_s_line_are_named() -> None:
    drawn, _ = score_chart(BINS, BINS, [ThresholdLine("tier_1", 80, 75)], "b")
    assert drawn.count("T1") == 2
    assert drawn.count("var(--band)") == 2


def test_what_vega_cannot_draw_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        charts.inline_svg(alt.Chart(charts.inline_data([{"a": 1}])).mark_bar().encode(x="a:Z"), "x")
