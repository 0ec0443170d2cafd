"""Companies as they were: the version that stood when a deal opened, and unknown where none is that old."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.evidence.past_companies import companies_when_opened, written_outputs_when_opened
from icp_sync.scoring.evaluation_context import DAY

DAY_MS = 86_400_000
OPENED = dt.datetime(2026, 3, 1, 23, 30)  # noqa: DTZ001 (UTC, as the frame has it)
MOMENT = int(OPENED.replace(tzinfo=dt.UTC).timestamp() * 1000)


def decided(*deals: tuple[int, int, dt.datetime]) -> pl.DataFrame:
    schema = pl.Schema({"deal": pl.Int64(), "company": pl.Int64(), "opened": pl.Datetime("ms")})
    return pl.DataFrame(list(deals), schema=schema, orient="row")


def version(value: str, days: float, name: str = "city", company: int = 1) -> PropertyVersion:
    """Written so many days after the deal opened."""
    return PropertyVersion(company, name, value, MOMENT + round(days * DAY_MS), "CRM_UI")


def city(*versions: PropertyVersion) -> tuple[str | None, int]:
    past = companies_when_opened(decided((7, 1, OPENED)), history_frame(versions), ["city"], "UTC")
    assert past.frame["id"].to_list() == [7]
    return past.frame["city"].item(), past.began_later


@pytest.mark.parametrize("newest_first", [True, False])
def test_what_stood_when_the_deal_opened_counts_in_whatever_order_it_comes(newest_first: bool) -> None:
    versions = [version("Hamm", 5), version("Ulm", -1), version("Bonn", -9)]
    assert city(*(versions if newest_first else reversed(versions))) == ("Ulm", 0)


def test_a_value_of_the_same_moment_stood_and_one_a_moment_later_did_not() -> None:
    assert city(version("Bonn", -1), version("Ulm", 0)) == ("Ulm", 0)
    assert city(version("Bonn", -1), version("Ulm", 1e-7)) == ("Bonn", 0)


def test_a_property_that_was_empty_then_is_unknown_and_not_short_of_history() -> None:
    assert city(version("Ulm", -3), version("", -1), version("Bonn", 2)) == (None, 0)


def test_a_history_that_does_not_go_back_that_far_is_unknown_and_counted() -> None:
    assert city(*(version(f"City {n}", n) for n in range(1, 21))) == (None, 1)


def test_a_property_without_any_history_is_unknown() -> None:
    assert city(version("x", -1, "name")) == (None, 0)
    assert city() == (None, 0)


def test_each_deal_of_a_company_has_its_own_past_and_its_own_day() -> None:
    later = OPENED + dt.timedelta(days=10)
    history = history_frame([version("Ulm", -1), version("Bonn", 5), version("Rom", -1, company=2)])
    past = companies_when_opened(decided((7, 1, OPENED), (8, 1, later), (9, 2, later)), history, ["city"], "UTC")
    assert past.frame.select("id", "city").rows() == [(7, "Ulm"), (8, "Bonn"), (9, "Rom")]
    assert past.frame[DAY].to_list() == [OPENED.date(), later.date(), later.date()]


def test_the_day_is_that_of_the_portal() -> None:
    past = companies_when_opened(decided((7, 1, OPENED)), history_frame([]), ["city"], "Europe/Berlin")
    assert past.frame[DAY].to_list() == [dt.date(2026, 3, 2)]


def test_what_we_had_written_by_then_counts_and_a_deal_before_that_does_not() -> None:
    outputs = {"tier": "our_tier", "score": "our_score"}
    versions = [
        version("tier_1", -9, "our_tier"), version("91.5", -9, "our_score"),
        version("tier_2", -1, "our_tier"), version("tier_3", 4, "our_tier"), version("70.0", 4, "our_score"),
        version("tier_1", 4, "our_tier", company=2),
        version("", -2, "our_tier", company=3), version("12", -2, "our_score", company=3),
    ]  # fmt: skip
    deals = decided((7, 1, OPENED), (8, 2, OPENED), (9, 3, OPENED))
    written = written_outputs_when_opened(deals, history_frame(versions), outputs)
    assert written.sort("id").select("id", "score", "tier", "outcome").rows() == [
        (7, 91.5, "tier_2", "not_icp"),
        (9, 12.0, None, "not_icp"),
    ]


def test_what_we_had_cleared_by_then_is_no_verdict() -> None:
    outputs = {"tier": "our_tier", "score": "our_score"}
    cleared = [version(text, day, name) for name, text in (("our_tier", "tier_1"), ("our_score", "90"))
               for text, day in ((text, -9), ("", -1))]  # fmt: skip
    assert written_outputs_when_opened(decided((7, 1, OPENED)), history_frame(cleared), outputs).is_empty()


def test_with_nothing_written_nothing_counts() -> None:
    assert written_outputs_when_opened(decided((7, 1, OPENED)), history_frame([]), {"tier": "our_tier"}).is_empty()
