"""What the panels say: the sentences a RevOps lead reads, and the numbers behind them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from icp_sync.plan.document.profile_figures import Answers
from icp_sync.plan.guardrails import GUARDRAILS, ListGuardrail
from icp_sync.views import backtest_next_step
from icp_sync.views.html import words
from icp_sync.views.html.panels import (
    accounts,
    calls,
    committees,
    coverage,
    criteria,
    evidence,
    guardrails,
    headline,
    lists,
    people,
    places,
    review,
    scores,
    tiers,
    why,
)
from icp_sync.views.html.panels.panel import bar, bar_segments
from tests.plan.report_documents import night, night_before, night_held
from tests.views import backtests
from tests.views.html.documents import edited, empty

STILL = [
    {"before": "tier_2", "after": "tier_2", "companies": 9},
    {"before": "tier_2", "after": "tier_1", "companies": 0},
]
SETTLED: dict[str, Any] = {"skipped": [], "skipped_total": 0}
NONE = "No company is tier 1 (9 in a lower tier): none came in and none left since 28 Nov; nothing is held. "
QUIET = "There is nothing to do this morning."
SIZE = "2,332 companies"
UNWRITTEN = "(the profile writes no tier, so nobody moves in HubSpot)"
STATES: list[tuple[dict[str, Any], str]] = [
    ({}, f"{SIZE} are tier 1: 41 came in, 12 left since 28 Nov; nothing is held."),
    ({"state": "planned"}, f"{SIZE} would be tier 1: 41 would come in, 12 would leave; nothing is held."),
    ({"matrix": []}, f"{SIZE} are tier 1, 2,303 before the run; nothing is held."),
    ({"matrix": [], "live_tiers": {}}, f"{SIZE} are tier 1 {UNWRITTEN}; nothing is held."),
    ({"tiers": {"tier_2": 9}, "matrix": STILL}, f"{NONE}{QUIET}"),
    ({"tiers": {"tier_2": 9}, "matrix": STILL, "next_command": "icp-sync retry-failed"}, NONE.rstrip()),
    ({"live_tiers": {"tier_1": 0}}, f"{SIZE} are tier 1, the first tiers of this portal; nothing is held."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), STATES)
def test_the_headline_is_the_night_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert headline.build(edited(night(), SETTLED | changes), [night_before()]).finding == sentence


@pytest.mark.parametrize(("skipped", "were"), [(7, "7 companies were"), (1, "1 company was")])
def test_what_people_edited_before_it_was_written_is_no_move_of_the_run(skipped: int, were: str) -> None:
    document = edited(night(), {"skipped_total": skipped})
    unwritten = f"{were} not written (Skipped says why)"
    assert headline.build(document, [night_before()]).finding == (
        f"{SIZE} were to be tier 1: 41 to come in and 12 to leave since 28 Nov; {unwritten}; nothing is held."
    )
    panel = tiers.build(document, [])
    assert panel.counted == "As planned"
    assert panel.finding == (
        "7,546 companies of 56,471 in scope are in a tier (13%) by the plan; 118 companies were to change tier, and "
        f"{unwritten}."
    )


def test_a_held_night_names_the_guardrail_and_the_command_of_the_exit_message() -> None:
    document = night_held()
    panel = headline.build(document, [])
    assert panel.finding.endswith("12 would leave; held by the guardrail “changed”.")
    assert panel.next_command == document.next_command == guardrails.build(document).next_command
    assert document.error is not None
    assert panel.trouble == document.error.message


def test_since_is_said_of_the_last_run_that_wrote() -> None:
    planned = edited(night_before(), {"state": "planned", "at": dt.datetime(2026, 11, 28, 20, tzinfo=dt.UTC)})
    last_year = edited(night_before(), {"at": dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)})
    document = edited(night(), SETTLED)
    assert "since 28 Nov;" in headline.build(document, [night_before(), planned]).finding
    assert "since 1 Jan;" in headline.build(document, [last_year]).finding
    assert "left; nothing" in headline.build(document, []).finding


def test_since_a_run_of_the_same_day_is_said_by_its_time() -> None:
    earlier = edited(night_before(), {"at": night().at - dt.timedelta(minutes=30)})
    local = earlier.at.astimezone(words.time_zone_or_utc(night().account.time_zone))
    assert f"since {local:%H:%M};" in headline.build(night(), [earlier]).finding


def test_who_was_moved_by_hand_stands_beside_what_the_profile_moved() -> None:
    taken_out = {"before": "tier_1", "after": "tier_3", "by": "user 31", "companies": 1}
    below = taken_out | {"before": "tier_2"}
    document = edited(night(), SETTLED | {"tiers_set": [taken_out, below]})
    assert headline.build(document, [night_before()]).finding == (
        f"{SIZE} are tier 1: 41 came in, 12 left since 28 Nov by the profile; 1 by user 31 (tier 1 → tier 3); "
        "nothing is held."
    )


def test_a_page_from_the_snapshot_says_how_old_it_is_and_whether_the_profile_was_edited() -> None:
    offline = {"read_at": dt.datetime(2026, 11, 28, 1, 5, tzinfo=dt.UTC), "edited": True}
    panel = headline.build(edited(night(), {"offline": offline, "state": "planned", "run_id": None}), [])
    assert ("Reading", "as of 28 Nov 2026, 02:05; profile edited since: yes") in panel.facts
    assert panel.state_words == "Scored from the last reading: nothing is written"


def test_rows_of_tiers_are_the_margins_of_the_matrix() -> None:
    panel = tiers.build(edited(night(), SETTLED), [night_before()])
    assert [(row.tier, row.companies, row.came, row.left, row.net) for row in panel.rows] == [
        ("tier_1", 2332, 41, 12, 29),
        ("tier_2", 5214, 54, 50, 4),
    ]
    assert [row.places for row in panel.rows] == ["2,332 of 2,500", "no limit"]
    assert panel.finding == (
        "7,546 companies of 56,471 in scope are in a tier (13%); 118 companies changed tier with this run."
    )
    assert panel.matrix[1].cells == (("tier_1", 30), ("tier_2", 5160), ("tier_3", 0), ("none", 20))


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, "Now"),
        ({"state": "planned"}, "After a run"),
        ({"state": "held"}, "After a run"),
        ({"state": "failed"}, "After a run"),
        ({"state": "partly"}, "After a run"),
        ({"state": "planned", "file": "leads.csv"}, "Companies"),
    ],
)
def test_nobody_is_in_a_tier_now_before_it_is_written(changes: dict[str, Any], counted: str) -> None:
    assert tiers.build(edited(night(), SETTLED | changes), []).counted == counted


def test_the_history_has_at_most_thirty_runs_and_marks_another_profile() -> None:
    panel = tiers.build(night(), [night_before()] * 40)
    assert len(panel.nights) == 30
    assert [row.edited for row in panel.nights] == [False] * 29 + [True]
    assert panel.figure is not None
    assert panel.figure.caption.endswith("the profile changed once (▼).")
    assert tiers.build(night(), []).figure is None


def test_causes_are_ordered_by_companies_and_the_largest_moves_have_their_pieces() -> None:
    panel = why.build(night())
    assert next((cause.words, cause.share) for cause in panel.causes) == ("data changed", "64%")
    assert panel.finding == "206 companies change: 131 because of “data changed”, 75 for other causes."
    assert len(panel.moves) == 10
    assert panel.moves[0].pieces == (("stack: web_technologies from empty to jira", 20.0),)
    assert panel.moves[0].company.tier_before is None


def test_guardrails_that_hold_come_first_and_a_bar_is_the_part_of_the_limit_used() -> None:
    panel = guardrails.build(night_held())
    assert [(row.name, row.verdict) for row in panel.rows] == [
        ("changed", "held"), ("list_shrink", "ok"), ("read_at_least", "unjudged"),
    ]  # fmt: skip
    assert panel.rows[0].bar == bar("held", 1)
    assert panel.rows[1].bar == bar("ok", 12 / 2303 / 0.2)
    assert panel.finding == "1 guardrail holds the plan: 180 of 8,200 companies whose tier or outcome changes."


def test_every_guardrail_says_in_words_what_it_counts() -> None:
    of_a_list = {"list": "dach"}
    checks = [
        night().guardrails[0].model_dump() | {"name": name} | (of_a_list if isinstance(row, ListGuardrail) else {})
        for name, row in GUARDRAILS.items()
    ]
    meanings = {row.name: row.meaning for row in guardrails.build(edited(night(), {"guardrails": checks})).rows}
    assert meanings["list_taken_off"] == "members people took off a list: dach"
    assert all(meaning.split()[0] in {"companies", "members"} for meaning in meanings.values())


def test_a_guardrail_beyond_its_limit_that_somebody_allowed_says_so() -> None:
    checks = [night().guardrails[0].model_dump() | {"limit": 0.01, "allowed": True}]
    panel = guardrails.build(edited(night(), {"guardrails": checks}))
    assert panel.rows[0].verdict_words == "! allowed by hand"
    assert panel.finding == "Nothing is held; 1 of 1 guardrails is beyond the limit and allowed by hand."


def test_scores_say_how_many_lie_just_under_a_line() -> None:
    panel = scores.build(night())
    assert panel.finding == (
        "Up to 5 points short of a tier: 410 of tier 1 and 1,300 of tier 2. "
        "Up to 5 points from leaving one: 120 in tier 1 and 310 in tier 2."
    )
    assert panel.bins[0].name == "95 to 100"
    assert panel.bins[0].fit == (432, 0, 0, 0)
    assert len(panel.bins) == 20


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"hit": 9}, "tells nothing apart: everybody meets it"),
        ({"miss": 4, "unknown": 5}, "tells nothing apart: nobody meets it"),
        ({"hit": 9, "miss": 1}, ""),
        ({"hit": 9, "unknown": 1}, ""),
        ({"partial": 1, "miss": 8}, ""),
        ({}, ""),
    ],
)
def test_a_criterion_that_everybody_or_nobody_meets_tells_nothing_apart(answers: dict[str, int], verdict: str) -> None:
    assert criteria.why_uninformative(Answers(**answers)) == verdict


def test_criteria_name_the_traits_never_asked_about() -> None:
    panel = criteria.build(night())
    assert panel.finding == "Of 4 criteria, 1 tells nothing apart: two or more tools we connect to."
    assert panel.traits_sentence == "4 of the 7 traits are asked about; never: industry, readiness and scale."
    assert [figures.companies for figures in panel.disqualifiers] == [4000, 120]
    assert panel.criteria[0].everyone.shares == ("37% hit", "5% partial", "53% miss", "4% unknown")


def test_coverage_names_the_emptiest_property_and_what_is_free_to_correct() -> None:
    panel = coverage.build(night())
    assert panel.finding == (
        "1 of 3 properties holds nothing: web_technologies; 480 values are filled in, but not understood."
    )
    assert (
        panel.shopping_sentence
        == "Filling web_technologies would lift up to 8,090 of 23,250 undecided companies into a tier."
    )
    shopping = [item.model_copy(update={"expected": 94.4}) for item in night().shopping]
    assert (
        "would lift about 94 (at most 8,090) of 23,250"
        in coverage.build(edited(night(), {"shopping": shopping})).shopping_sentence
    )
    assert panel.shopping[1].advice == "correct 212 in HubSpot first, that is free"
    assert panel.correct == "icp-sync shopping-list --unreadable"
    assert coverage.build(edited(night(), {"file": "a.csv"})).correct is None, "a file is corrected where it came from"
    assert panel.shopping[0].lifts == "900 to tier 1 and 7,190 to tier 2"


def test_a_purchase_that_lifts_nobody_is_not_recommended() -> None:
    free, best = (night().shopping[0].model_copy(update={"lifts": lifts}) for lifts in ({}, {"tier_1": 1}))
    report = edited(night(), {"outcomes": {"insufficient_data": 1}})
    assert coverage.build(edited(report, {"shopping": [free]})).shopping_sentence == (
        "No missing value alone would lift a company into a tier."
    )
    sentence = coverage.build(edited(report, {"shopping": [free, best]})).shopping_sentence
    assert sentence == "Filling web_technologies would lift up to 1 of 1 undecided company into a tier."


@pytest.mark.parametrize(
    ("read", "tier_1", "undecided", "sentence"),
    [
        (1, 0, 1, "0 of 1 company in a.csv is tier 1; 1 is undecided, since too little is known of it."),
        (9, 0, 2, "0 of 9 companies in a.csv are tier 1; 2 are undecided, since too little is known of them."),
        (9, 1, 0, "1 of 9 companies in a.csv is tier 1; 0 are undecided, since too little is known of them."),
    ],
)
def test_the_headline_of_a_file_agrees_with_its_numbers(read: int, tier_1: int, undecided: int, sentence: str) -> None:
    companies = {"companies": {"read": read, "scored": read, "foreign": 0}, "tiers": {"tier_1": tier_1}}
    document = edited(night(), companies | {"file": "a.csv", "outcomes": {"insufficient_data": undecided}})
    assert headline.build(document, []).finding == sentence


def test_whether_a_file_finds_places_only_a_run_can_tell() -> None:
    file = edited(night(), {"file": "a.csv"})
    lines = [file.tier_lines[0], file.tier_lines[1].model_copy(update={"capacity": 3, "per": "owner"})]
    shown = [row.places for row in tiers.build(edited(file, {"tier_lines": lines}), []).rows]
    unknown = "only a run can tell who has a place"
    assert shown[:2] == [f"2,500; {unknown}", f"3 for each owner; {unknown}"]


def test_places_say_where_most_are_and_what_the_table_leaves_out() -> None:
    panel = places.build(night())
    assert panel.finding == "Germany has 5,900 of 7,546 tiered companies (78%); the rest are in 2 other countries."
    assert [(row.name, row.tiered) for row in panel.rows][2] == ("Singapore", 614)
    assert panel.more == ""
    fewer = places.build(edited(night(), {"places": [night().places[0].model_dump()]}))
    assert fewer.more == "Not in the table: 1,646 companies in a tier without a country that could be read."


def test_accounts_count_those_without_an_owner() -> None:
    assert accounts.build(night()).finding == (
        "The best 50 of 7,546 tiered companies, 13 of them without an owner; 20 that rise and 12 that fall most."
    )


def test_one_that_rises_is_one() -> None:
    movers = night().movers.model_dump()
    lone = edited(night(), {"movers": movers | {"up": movers["up"][:1]}})
    assert accounts.build(lone).finding.endswith("1 that rises and 12 that fall most.")


def test_lists_count_who_joins_and_leaves() -> None:
    panel = lists.build(night())
    assert panel.finding == "2 lists: 41 companies join and 12 leave."
    assert [(row.after, row.notes) for row in panel.rows] == [(2332, ""), (None, "filled by HubSpot itself")]


def test_people_are_counted_by_kind_and_named_where_a_record_was_left_out() -> None:
    panel = people.build(night())
    assert panel.finding == "4 locked, 12 foreign, 3 overrides, 17 held inputs, 2 pins, 1 quarantined and 1 skipped."
    assert [(group.title, group.total) for group in panel.named] == [
        ("Quarantined", 1),
        ("Skipped since they drifted", 1),
    ]


def test_locked_companies_are_named_since_no_command_lists_them() -> None:
    locked = {"locked": 1, "locked_named": [{"id": "4711", "name": "Alpha", "domain": "alpha.de"}]}
    (group, *_) = people.build(edited(night(), {"people": locked})).named
    assert (group.title, group.records[0].id, group.records[0].reason) == ("Locked", "4711", "Alpha")


def test_one_of_a_kind_is_counted_as_one() -> None:
    lone = edited(night(), {"people": {"locked": 0, "foreign": 0, "overrides": 1, "held": 1, "pins": 1}})
    assert people.build(lone).finding.startswith("1 override, 1 held input, 1 pin, ")


def test_what_stands_is_looked_at_before_it_is_given_up() -> None:
    commands = {kind.name: kind.command for kind in people.build(night()).kinds}
    assert {commands[name] for name in ("Overrides", "Held inputs", "Pins")} == {"icp-sync overrides"}


@pytest.mark.parametrize(
    ("by", "due"),
    [
        (dt.date(2027, 2, 1), "The review is due in 64 days (1 Feb 2027)"),
        (dt.date(2026, 11, 30), "The review is due in 1 day (30 Nov 2026)"),
        (dt.date(2026, 11, 29), "The review is due today (29 Nov 2026)"),
        (dt.date(2026, 11, 26), "The review is overdue by 3 days (it was due on 26 Nov 2026)"),
        (None, "The profile names no day for its review"),
    ],
)
def test_the_review_counts_days_from_the_day_judged_by(by: dt.date | None, due: str) -> None:
    document = edited(night(), {"review": night().review.model_dump() | {"review_by": by}})
    panel = review.build(document)
    assert panel.due == due
    assert panel.missing == ("€10–100M revenue",)
    assert panel.placeholders == ("Germany",)


def test_the_review_says_whether_scores_have_shifted_since() -> None:
    signed = night().review.model_dump() | {"last": dt.date(2026, 6, 1), "by": "Anna"}
    before, now = (100, 100, 0, 0, 0, 0, 0, 0, 0, 0), (20, 180, 0, 0, 0, 0, 0, 0, 0, 0)
    drift = {"since": night().at, "run_id": "20260602T020000Z-1a2b3c", "psi": 0.6, "before": before, "now": now}
    shifted = review.build(edited(night(), {"review": signed | {"drift": drift}}))
    assert shifted.last == "on 1 Jun 2026, by Anna"
    assert (
        "most of all at 10 to <20 points: 50% of companies then, 90% now. That is neither good nor bad: find out"
        in shifted.drift
    )
    assert shifted.finding.endswith("Fit scores have shifted since the last review.")
    assert shifted.tenths[-2:] == (("10 to <20", 100, 180), ("0 to <10", 100, 20))
    calm = review.build(edited(night(), {"review": signed | {"drift": drift | {"psi": 0.05}}}))
    assert (calm.drift[:27], "shifted" in calm.finding) == ("Fit scores are much as they", False)
    assert "no earlier report by the same rules is kept" in review.build(edited(night(), {"review": signed})).drift
    assert review.build(night()).drift == ""


def test_calls_are_a_share_of_the_day_and_stand_beside_their_forecast() -> None:
    panel = calls.build(night())
    assert panel.finding == "580 calls in 61.4 seconds, 0.2% of the portal's day."
    assert dict(panel.facts)["Calls that wrote"] == "15"
    assert dict(panel.facts)["Forecast for writing"] == "9 calls, 0.1 minutes, <0.1% of the day"
    assert [row.writes for row in panel.routes] == [False, True, True]


def test_evidence_is_not_measured_yet() -> None:
    assert evidence.build().finding.startswith("Not measured yet")


def test_evidence_begins_with_the_verdict_and_what_it_was_given_without() -> None:
    panel = evidence.build(backtests.plain())
    assert isinstance(panel, evidence.EvidencePanel)
    assert panel.finding.startswith(
        "Not counted: stage and tools, whose data most likely comes from the sale. Tier 1 wins more: 58 % of"
    )
    assert panel.next_step == backtest_next_step.next_step(backtests.plain())
    early, past, reads, filled = panel.caveats  # no answer with them, which the table would contradict
    assert early.startswith("Early: only 40 deals were won")
    assert "25 % of what is on record of them was not there yet" in past
    assert reads == "Left out: stage, since deals fill in the field it reads (lifecyclestage)."
    assert filled.startswith("Left out: tools is known of 80 % of the won companies and 20 % of the lost ones")
    assert panel.rows[0].cells == ("200", "100", "40", "40 %", "31 – 50", "1.0×", "28,154", "46", "8 %")
    assert [name for _, name, *_ in panel.kpis] == ["Tier 1", "Tier 2"]
    assert [value for *_, value, _ in panel.kpis] == ["8.5", "too few"]
    assert panel.strata[0] == ("77000101", 15, 11, 419, 155)


def test_evidence_of_an_experiment_is_its_answer_and_a_row_an_arm() -> None:
    panel = evidence.build(backtests.plain())
    assert isinstance(panel, evidence.EvidencePanel)
    assert panel.experiment is not None
    assert panel.experiment.answer == "Experiment q1: the challenger is ahead so far."
    assert panel.experiment.rows == (
        ("challenger", ("29", "20", "18", "18", "62 %", "44 – 77")),
        ("champion", ("17", "5", "4", "4", "", "too few")),
    )
    assert [sentence.split()[0] for sentence in panel.experiment.basis] == ["Deals", "37", "2"]


def test_without_wins_there_is_no_curve() -> None:
    panel = evidence.build(backtests.plain(gain=[], concentrated=None, strata=None, kpis=[]))
    assert isinstance(panel, evidence.EvidencePanel)
    assert (panel.figure, panel.by, panel.kpis) == (None, None, ())


def test_what_was_not_counted_is_not_taken_for_none() -> None:
    nothing: dict[str, Any] = dict.fromkeys(
        ("tier_lines", "matrix", "criteria", "disqualifiers", "properties", "shopping", "places", "target_accounts"), ()
    )
    people_known = {"people": {"foreign": 12}, "skipped_total": 0, "quarantined_total": 0, "pins": {}}
    document = edited(night(), nothing | people_known | {"scores": {}, "movers": {}, "committees": {}})
    assert not document.is_counted
    assert headline.build(document, []).finding == f"{SIZE} are tier 1, 2,303 before the run; nothing is held."
    assert [row.places for row in tiers.build(document, []).rows] == ["–", "–"]
    assert accounts.build(document).finding == "Target accounts were not counted for this run."
    assert places.build(document).finding == "Countries were not counted for this run."
    assert committees.build(document).finding == "Buying committees were not counted for this run."
    assert people.build(document).finding == "12 foreign; locks were not counted for this run."
    nobody = people.build(edited(document, {"people": {}}))
    assert nobody.finding == "Nobody and nothing else stands against the profile; locks were not counted for this run."


def test_a_profile_that_asks_for_no_place_is_told_from_countries_nobody_can_read() -> None:
    asked, unasked = (edited(night(), {"places": [], "asks_place": asks}) for asks in (True, False))
    assert places.build(asked).finding == "No tiered company has a country that could be read."
    assert places.build(unasked).finding == "The profile asks for no place, so no country was read."


def test_a_canary_leaves_lists_alone() -> None:
    assert lists.build(edited(night(), {"limit": 10, "lists": []})).finding == "Lists are left alone with --limit."
    assert lists.build(edited(night(), {"lists": []})).finding == "The profile keeps no list."


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"people": {"locked": 1}}, ", with tiers that people set or locked"),
        ({"people": {"overrides": 1}}, ", with tiers that people set or locked"),
        ({"people": {}, "limit": 10}, ", with no more changes than --limit allows"),
        ({"people": {}, "quarantined_total": 3}, ", without what HubSpot refused before"),
        (
            {"people": {"foreign": 1}, "limit": 10},
            ", with tiers that people set or locked and with no more changes than --limit allows",
        ),
        ({"people": {}}, ""),
    ],
)
def test_why_the_plan_has_other_tiers_than_the_profile_is_said_where_it_is_known(
    changes: dict[str, Any], why: str
) -> None:
    quiet = {"quarantined": [], "quarantined_total": 0, "tiers": {"tier_1": 10}}
    panel = scores.build(edited(night(), quiet | changes))
    assert panel.figure is not None
    assert panel.figure.caption.endswith(f" By the profile alone 7,546 are in a tier; 10 are after the plan{why}.")


def test_nothing_to_say_is_said() -> None:
    document = empty()
    assert headline.build(document, []).finding == "No company was read, so there is nothing to judge."
    assert why.build(document).finding == "No company changes: the portal is as the profile wants it."
    assert people.build(document).finding == "Nobody and nothing stands against the profile."
    assert places.build(document).finding == "No company is in a tier."


@pytest.mark.parametrize(
    ("part", "whole", "words_shown"),
    [(0, 9, "0%"), (1, 1000, "<1%"), (5, 10, "50%"), (999, 1000, ">99%"), (9, 9, "100%"), (0, 0, "–")],
)
def test_a_share_never_rounds_some_to_none_or_most_to_all(part: int, whole: int, words_shown: str) -> None:
    assert words.percent(part, whole) == words_shown


def test_a_moment_is_told_by_the_portal_s_clock_and_by_utc_where_its_zone_is_none() -> None:
    moment = dt.datetime(2026, 11, 29, 2, 0, tzinfo=dt.UTC)
    assert words.format_moment(moment, "Europe/Berlin") == "29 Nov 2026, 03:00"
    assert words.format_moment(moment, "<script>") == "29 Nov 2026, 02:00"


def test_segments_fill_a_bar_and_leave_out_what_is_nothing() -> None:
    parts = bar_segments({"hit": 1, "partial": 0, "miss": 3})
    assert [(part.kind, part.start, part.width) for part in parts] == [("hit", 0, 25), ("miss", 25, 75)]
    assert bar_segments({"hit": 0}) == ()
