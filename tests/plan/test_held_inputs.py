"""A lost input is carried, not obeyed: each row of the table of states, outages, and who is held at all."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_sync.companies.input_differences import DIFFERENCES
from icp_sync.plan.held_inputs import (
    HOLD_ENDS,
    HOLDS,
    NO_HOLDS,
    attach_holds,
    hold_end,
    release_holds,
    with_ends_on_hosts,
)
from icp_sync.plan.run_report import HeldInputs
from tests.plan.nights import FIRST, SIZE, Nights, Text, companies, profile_of

MACHINERY = ["MACHINERY"] * 4
BLANKED: list[Text] = [None, "MACHINERY", "MACHINERY", "MACHINERY"]
LOST = companies(BLANKED)
TRADE = (1, "industry")
TIER_1, TIER_3 = ("tiered", "tier_1"), ("tiered", "tier_3")


@pytest.fixture
def nights() -> Nights:
    """Company 1 of 4 has just lost its industry; the run settled everybody."""
    nights = Nights(profile_of(), companies(MACHINERY))
    nights.read(0, LOST)
    nights.settle()
    return nights


def test_present_and_lost_is_held_since_the_reading_that_saw_it(nights: Nights) -> None:
    assert nights.holding.holds.schema == HOLDS
    (hold,) = nights.holding.open_holds.to_dicts()
    assert (hold["id"], hold["property"], hold["was"], hold["since"]) == (1, "industry", "MACHINERY", FIRST)
    assert nights.verdicts() == dict.fromkeys(range(1, 5), TIER_1)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "tier"), [("MACHINERY", "tier_1"), ("BANKING", "tier_3")])
def test_held_and_readable_again_is_present_whatever_it_says(nights: Nights, text: str, tier: str) -> None:
    nights.read(3, companies([text, *MACHINERY[1:]]))
    assert nights.states() == {}
    assert nights.verdicts()[1] == ("tiered", tier)


@pytest.mark.slow
@pytest.mark.parametrize(("day", "state"), [(1, "held"), (13.5, "held"), (14, "ended"), (15, "ended")])
def test_held_and_its_days_over_is_ended(nights: Nights, day: float, state: str) -> None:
    nights.read(day, LOST)
    assert nights.states() == {TRADE: state}
    assert (nights.verdicts()[1] == TIER_1) is (state == "held")


def test_held_and_released_is_ended_and_stays_so(nights: Nights) -> None:
    nights.differences = attach_holds(nights.differences, release_holds(nights.holding.holds, ids=[1]))
    nights.read(2, LOST)
    assert nights.states() == {TRADE: "ended"}
    assert nights.verdicts()[1] == TIER_3


def test_held_and_gone_is_forgotten(nights: Nights) -> None:
    nights.read(1, LOST.filter(pl.col("id") != 1))
    assert nights.states() == {}


def test_held_and_out_of_scope_is_forgotten() -> None:
    nights = Nights(profile_of(scope={"not": {"property": "type", "is": "RESELLER"}}), companies(MACHINERY))
    nights.read(0, LOST)
    assert nights.states() == {TRADE: "held"}
    nights.read(1, companies(BLANKED, kind=["RESELLER", None, None, None]))
    assert nights.states() == {}


def test_held_and_no_longer_read_is_forgotten(nights: Nights) -> None:
    nights.profile = profile_of(criteria=[SIZE])
    nights.read(1, LOST)
    assert nights.states() == {}


def test_ended_and_readable_is_present(nights: Nights) -> None:
    nights.read(15, LOST)
    nights.settle(unsettled=[1])
    nights.read(16, companies(MACHINERY))
    assert nights.states() == {}
    assert nights.verdicts()[1] == TIER_1


@pytest.mark.slow
def test_ended_stays_ended_until_a_run_wrote_it_and_is_then_an_unknown_like_any(nights: Nights) -> None:
    nights.read(15, LOST)
    nights.settle(unsettled=[1])
    nights.read(16, LOST)
    assert nights.states() == {TRADE: "ended"}
    nights.settle()
    nights.read(17, LOST)
    assert nights.states() == {}
    assert nights.verdicts()[1] == TIER_3


@pytest.mark.slow
def test_lost_a_second_time_it_is_held_anew(nights: Nights) -> None:
    nights.read(10, companies(MACHINERY))
    nights.settle()
    nights.read(11, LOST)
    nights.settle()
    nights.read(20, LOST)
    assert nights.states() == {TRADE: "held"}


def test_it_works_both_ways_and_a_vanished_type_makes_no_partner_a_target() -> None:
    partners: list[Text] = ["PARTNER", None, None, None]
    nights = Nights(profile_of(), companies(MACHINERY, kind=partners))
    nights.read(0, companies(MACHINERY))
    assert nights.states() == {(1, "type"): "held"}
    assert nights.verdicts()[1] == ("disqualified", None)
    nights.read(15, companies(MACHINERY))
    assert nights.verdicts()[1] == TIER_1


def test_nor_does_it_let_in_who_was_outside_the_scope_and_never_written() -> None:
    outside = profile_of(disqualifiers=[], scope={"not": {"property": "type", "is": "PARTNER"}})
    nights = Nights(outside, companies(MACHINERY, kind=["PARTNER"] * 4, stamp=None))
    nights.read(0, companies(MACHINERY, stamp=None))
    assert set(nights.states().values()) == {"held"}
    assert nights.verdicts() == {}


def test_a_company_that_is_not_ours_is_not_held() -> None:
    nights = Nights(profile_of(), companies(MACHINERY, stamp=None))
    nights.read(0, companies(BLANKED, stamp=None))
    assert nights.states() == {}


def test_no_days_switch_holds_off() -> None:
    nights = Nights(profile_of(hold={"days": 0}), companies(MACHINERY))
    holding = nights.read(0, LOST)
    assert holding.holds.is_empty()
    assert nights.verdicts()[1] == TIER_3


def test_the_snapshot_never_gets_the_old_text(nights: Nights) -> None:
    assert nights.holding.companies["industry"].to_list() == MACHINERY
    assert nights.snapshot["industry"].to_list() == BLANKED


def test_a_second_value_of_the_company_is_data_while_the_first_is_held(nights: Nights) -> None:
    nights.read(1, companies(BLANKED, employees="10"))
    assert nights.states() == {TRADE: "held"}
    assert nights.verdicts()[1] == ("tiered", "tier_2")


def test_the_days_of_the_profile_count_from_the_day_of_loss(nights: Nights) -> None:
    nights.profile = profile_of(hold={"days": 30})
    nights.read(20, LOST)
    assert nights.states() == {TRADE: "held"}
    (ends,) = nights.holding.open_holds.select(hold_end(nights.profile.hold)).to_series()
    assert ends == FIRST + dt.timedelta(days=30)


def test_the_figures_count_companies_and_those_of_each_property(nights: Nights) -> None:
    holding = nights.read(1, companies([None, None, "MACHINERY", "MACHINERY"]))
    assert holding.figures == HeldInputs(2, {"industry": 2})


def fleet(blank: int, of: int = 100) -> pl.DataFrame:
    """So many companies, of which the first have no industry."""
    return companies([None] * blank + ["MACHINERY"] * (of - blank))


def outage(blank: int, of: int = 100) -> Nights:
    nights = Nights(profile_of(), fleet(0, of))
    nights.read(0, fleet(blank, of))
    nights.settle()
    return nights


@pytest.mark.parametrize(
    ("blank", "of", "outages"), [(20, 100, ()), (21, 100, ("industry",)), (100, 100, ("industry",))]
)
def test_an_outage_is_more_than_the_share_of_those_with_a_value(blank: int, of: int, outages: tuple[str, ...]) -> None:
    assert outage(blank, of).holding.outages == outages


@pytest.mark.parametrize(("of", "outages"), [(19, ()), (20, ("industry",))])
def test_fewer_than_twenty_are_not_judged(of: int, outages: tuple[str, ...]) -> None:
    assert outage(10, of).holding.outages == outages


def test_companies_that_had_no_readable_value_do_not_count() -> None:
    before = companies(["MACHINERY"] * 40 + [" "] * 60)
    nights = Nights(profile_of(), before)
    assert nights.read(0, companies([None] * 10 + ["MACHINERY"] * 30 + [" "] * 60)).outages == ("industry",)


@pytest.mark.slow
def test_in_an_outage_the_days_stand_still_and_no_tier_changes() -> None:
    nights = outage(50)
    for day in (14, 15, 100):
        nights.read(day, fleet(50))
        nights.settle()
        assert set(nights.states().values()) == {"held"}
        assert set(nights.verdicts().values()) == {TIER_1}
    assert nights.holding.open_holds.select(hold_end(nights.profile.hold)).to_series().null_count() == 50


@pytest.mark.slow
def test_after_an_outage_the_days_go_on_for_who_did_not_return() -> None:
    nights = outage(50)
    nights.read(3, fleet(5))
    nights.settle()
    nights.read(16.5, fleet(5))
    nights.settle()
    assert set(nights.states().values()) == {"held"}
    nights.read(17, fleet(5))
    assert nights.states() == {(company, "industry"): "ended" for company in range(1, 6)}


@pytest.mark.slow
def test_days_gone_before_an_outage_are_not_forgotten() -> None:
    nights = outage(10)
    for day, blank in ((10, 50), (20, 50), (30, 10)):
        nights.read(day, fleet(blank))
        nights.settle()
    nights.read(33.5, fleet(10))
    assert set(nights.states().values()) == {"held"}
    nights.read(34, fleet(10))
    assert set(nights.states().values()) == {"ended"}


def test_the_outage_of_one_property_stops_no_other() -> None:
    nights = Nights(profile_of(), fleet(0))
    sizes = [None] * 5 + ["80"] * 95
    blanked = fleet(50).with_columns(employees=pl.Series(sizes, dtype=pl.String))
    assert nights.read(0, blanked).outages == ("industry",)
    nights.read(14, blanked)
    assert set(nights.holding.ended_holds["property"]) == {"employees"}


def test_only_by_its_name_is_a_property_in_outage_released() -> None:
    holds = outage(50).holding.holds
    assert set(release_holds(holds)["state"]) == {"held"}
    assert set(release_holds(holds, property_name="employees")["state"]) == {"held"}
    assert set(release_holds(holds, property_name="industry")["state"]) == {"ended"}
    assert release_holds(holds, [1], "industry").filter(state="ended")["id"].to_list() == [1]


COMPANIES = 24
MASK = st.lists(st.booleans(), min_size=COMPANIES, max_size=COMPANIES)


VANISHED = st.fixed_dictionaries(dict.fromkeys(["industry", "employees", "type"], MASK))
INDUSTRIES = st.sampled_from(["MACHINERY", "BANKING", None])


READINGS = st.lists(st.tuples(st.floats(0.1, 6), VANISHED), min_size=1, max_size=3)
TRADES = st.lists(INDUSTRIES, min_size=COMPANIES, max_size=COMPANIES)
OUTAGES = st.lists(st.tuples(st.floats(0.1, 20), st.integers(1, 40)), min_size=1, max_size=5)
Readings = list[tuple[float, dict[str, list[bool]]]]


@pytest.mark.slow
@settings(max_examples=4)  # each scores up to four readings
@given(READINGS, TRADES)
def test_no_verdict_changes_because_a_value_vanished_before_its_hold_ends(
    readings: Readings, industries: list[Text]
) -> None:
    """Whatever vanishes and returns over less than fourteen days, all stay as they were at first."""
    stay_as_they_were(readings, industries)


@pytest.mark.slow
@settings(max_examples=30)
@given(READINGS, TRADES)
def test_no_verdict_changes_before_a_hold_ends_at_length(readings: Readings, industries: list[Text]) -> None:
    stay_as_they_were(readings, industries)


def stay_as_they_were(readings: Readings, industries: list[Text]) -> None:
    whole = companies(industries, kind=["PARTNER" if n % 3 == 0 else "CUSTOMER" for n in range(COMPANIES)])
    nights = Nights(profile_of(), whole)
    nights.read(0, whole)
    first, day = nights.verdicts(), 0.0
    for days, vanished in readings:
        day = min(day + days, 13.9)
        nights.read(day, whole.with_columns(pl.when(~pl.Series(mask)).then(name) for name, mask in vanished.items()))
        nights.settle()
        assert nights.verdicts() == first


@pytest.mark.slow
@settings(max_examples=4)
@given(OUTAGES)
def test_a_hold_ends_after_so_many_days_without_an_outage_and_not_before(readings: list[tuple[float, int]]) -> None:
    end_after_calm_days(readings)


@pytest.mark.slow
@settings(max_examples=30)
@given(OUTAGES)
def test_a_hold_ends_after_so_many_days_at_length(readings: list[tuple[float, int]]) -> None:
    end_after_calm_days(readings)


def end_after_calm_days(readings: list[tuple[float, int]]) -> None:
    nights = outage(1, of=40)
    day = calm = 0.0
    for days, blank in readings:
        day, calm = day + days, calm + (0 if nights.holding.outages else days)
        nights.read(day, fleet(blank, of=40))
        assert nights.states()[TRADE] == ("ended" if calm >= 14 and not nights.holding.outages else "held")
        if not nights.holding.ended_holds.is_empty():
            break
        nights.settle()


@pytest.mark.parametrize(
    ("last_read", "since", "ended_at", "is_ended"),
    [
        pytest.param(2, 2, 3, True, id="it ended on another host after this one saw it lost"),
        pytest.param(1, 4, 3, True, id="it ended between two readings of this host, of which only the later saw it"),
        pytest.param(4, 5, 3, False, id="the value was back when this host looked after the end: another loss"),
        pytest.param(9, 5, 3, False, id="that other loss, some nights later"),
        pytest.param(None, 2, 3, True, id="without a snapshot HubSpot's history tells when it was lost"),
        pytest.param(None, 4, 3, False, id="without a snapshot, lost again since"),
    ],
)
def test_what_ended_on_one_host_ends_on_every_other(
    last_read: int | None, since: int, ended_at: int, *, is_ended: bool
) -> None:
    def day(number: int) -> dt.datetime:
        return FIRST + dt.timedelta(days=number)

    rows = [(1, "industry", "MACHINERY", day(since)), (2, "industry", "MACHINERY", day(since))]
    differences = pl.DataFrame(rows, DIFFERENCES, orient="row")
    ends = pl.DataFrame([(1, "industry", day(ended_at))], HOLD_ENDS, orient="row")
    holds = with_ends_on_hosts(NO_HOLDS, differences, ends, None if last_read is None else day(last_read))
    assert holds.schema == HOLDS
    expected = [(1, "industry", day(since), "ended")] if is_ended else []
    assert holds.select("id", "property", "since", "state").rows() == expected
