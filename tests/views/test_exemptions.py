"""What stands against the profile, as a table, in words and for machines."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

from icp_sync.plan.overrides_holds_and_pins import Exemptions, OpenHold, OpenOverride, OpenPin
from icp_sync.plan.who_emptied_inputs import EmptiedInput
from icp_sync.views.exemptions import exemptions_csv, exemptions_view
from tests.views.rendering import text_of

SINCE = dt.datetime(2026, 11, 3, 2, tzinfo=dt.UTC)
NOW = SINCE + dt.timedelta(days=30, hours=1)
ALL = Exemptions(
    7,
    NOW,
    (
        OpenOverride(17, "=Alpha()", "icp_tier", "", "tier_1", "person", "42", SINCE),
        OpenOverride(18, "", "icp_tier", "tier_2", None, "undo", None, SINCE, "asked for by sales"),
    ),
    (OpenHold(19, "Gamma", "industry", "MACHINERY", SINCE),),
    (OpenPin("Tier 1", 20, "Delta", "out", SINCE),),
    (EmptiedInput("industry", 1, SINCE, "the import old.csv"),),
)


def test_nothing_is_said_in_words() -> None:
    assert "Nothing stands against the profile" in text_of(exemptions_view(Exemptions(7, NOW, (), (), ())))


def test_each_kind_is_a_line_and_all_are_counted() -> None:
    text = text_of(exemptions_view(ALL))
    for words in ("=Alpha() (17)", "empty", "user 42", "2026-11-03", "industry", "MACHINERY", "Delta (20)"):
        assert words in text
    assert "2 overrides, 1 held input, 1 pin; icp-sync release ends them" in text
    assert "industry of 1 company was emptied on 3 Nov 02:00 UTC by the import old.csv" in text


def test_the_table_has_nothing_a_terminal_obeys() -> None:
    hostile = OpenOverride(17, "\x01=1+1\x1b[31m\u202egnp\x00", "icp_tier", "", "tier_1", "person", "42", SINCE)
    (row,) = csv.DictReader(io.StringIO(exemptions_csv(replace(ALL, overrides=(hostile,), held_inputs=(), pins=()))))
    assert row["name"] == "'=1+1[31mgnp"


def test_the_table_has_links_ages_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(exemptions_csv(ALL))))
    assert [row["kind"] for row in rows] == ["override", "override", "held input", "pin"]
    assert rows[0]["name"] == "'=Alpha()"
    assert rows[0]["link"] == "https://app.hubspot.com/contacts/7/record/0-2/17"
    assert [row["days"] for row in rows] == ["30"] * 4
    assert (rows[1]["who"], rows[1]["note"], rows[1]["wanted"]) == ("undo", "asked for by sales", "")


def test_where_lists_are_kept_it_says_which_swap_no_pin_tells_of() -> None:
    kept = text_of(exemptions_view(Exemptions(7, NOW, (), (), (), keeps_lists=True)))
    assert "taken off within a minute of a run: icp-sync run --full finds that" in kept
    assert "--full" not in text_of(exemptions_view(Exemptions(7, NOW, (), (), ())))
