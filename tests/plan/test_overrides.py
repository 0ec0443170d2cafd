"""Three-way writes: row after row of the table, and what each means."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.companies.history_frame import PropertyVersion, history_frame
from icp_sync.plan.overrides import DECISIONS, decide_writes, ids_needing_history, ids_to_read_again
from tests.plan.questions import (
    APP,
    DAY,
    FLAG,
    NOW,
    OTHER_APP,
    TIER,
    decision,
    entry,
    frame,
    overridden,
    question,
    rules,
)

PERSON = ("CRM_UI", "userId:7")
TOUCHED = question(live="tier_3")
"""Somebody set tier_3 where we wrote tier_1 and want tier_2."""


def shown(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["row"], row["write"], row["cause"], row["action"]


def opened(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["value"], row["kind"], row["since"], row["source_type"], row["source_id"], row["user_id"]


def asked(*questions: dict[str, Any], **overrides: Any) -> list[int]:
    return ids_needing_history(frame(*questions), rules(**overrides))


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        pytest.param(question(locked=True), (1, False, None, None), id="locked"),
        pytest.param(question(foreign=True, stamped=False), (1, False, None, None), id="foreign"),
        pytest.param(overridden(locked=True), (1, False, None, None), id="locked, an override sleeps"),
        pytest.param(
            question(foreign=True, adopted=True, stamped=False, base="tier_1"), (6, True, None, None), id="adopted"
        ),
        pytest.param(overridden(), (2, False, None, "keep"), id="an override stands"),
        pytest.param(overridden(base=None), (2, False, None, "keep"), id="also after a lost disk"),
        pytest.param(overridden(wanted="tier_3"), (2, False, None, "keep"), id="and where the profile agrees"),
        pytest.param(overridden(live="", override=""), (2, False, None, "keep"), id="an emptied tier is no tier"),
        pytest.param(question(wanted="tier_1"), (3, False, None, None), id="nothing to do"),
        pytest.param(question(wanted="tier_1", base=None), (3, False, None, None), id="nor after a lost disk"),
        pytest.param(question(wanted=None, base=None), (3, False, None, None), id="nothing wanted"),
        pytest.param(question(), (6, True, None, None), id="ours"),
        pytest.param(question(wanted=""), (6, True, None, None), id="ours, cleared"),
        pytest.param(question(live="", base=None, stamped=False), (6, True, None, None), id="the first time"),
        pytest.param(question(live="", base="tier_3", stamped=False), (6, True, None, None), id="a claim withdrawn"),
        pytest.param(question(wanted=None, live="", base="", stamped=False), (3, False, None, None), id="never ours"),
    ],
)
def test_what_is_decided_without_history(situation: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert asked(situation) == []
    assert shown(decision(situation)) == expected


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(TOUCHED, id="live is neither"),
        pytest.param(question(live="tier_2"), id="somebody agrees tonight, and tomorrow not"),
        pytest.param(question(live=""), id="emptied"),
        pytest.param(question(base=None), id="a lost disk"),
        pytest.param(overridden(live="tier_1"), id="an overridden value set anew"),
        pytest.param(overridden(live=""), id="an overridden value emptied"),
        pytest.param(overridden(live="tier_2"), id="an overridden value set to what is wanted"),
    ],
)
def test_history_is_asked_for(situation: dict[str, Any]) -> None:
    assert asked(situation) == [1]
    assert asked(situation, people="put_back") == [1]
    assert asked(situation, people="put_back", automation="put_back") == []


def test_a_profile_edit_that_changes_many_companies_nobody_touched_asks_for_none() -> None:
    companies = [question(id=number) for number in range(20_000)]
    flags = [question(id=n, property=FLAG, live="true", base="true", wanted="false") for n in range(20_000)]
    assert asked(*companies, *flags) == []


def test_a_lost_disk_asks_for_the_companies_that_change_once_each() -> None:
    changing = [question(id=n, base=None) for n in (3, 1)]
    flags = [question(id=n, base=None, property=FLAG, live="true", wanted="false") for n in (3, 1)]
    same = question(id=2, base=None, wanted="tier_1")
    assert asked(*changing, *flags, same) == [1, 3]


# Who wrote it


@pytest.mark.parametrize(
    ("source", "user", "row"),
    [
        (APP, None, 8),
        (APP, 7, 8),
        (("MERGE_COMPANIES", None), 7, 9),
        (("MERGE_OBJECTS", None), None, 9),
        (("RESTORE_OBJECTS", None), 7, 9),
        (("RECYCLING_BIN", None), None, 9),
        (("CALCULATED", None), None, 9),
        (("INTERNAL_PROCESSING", None), None, 9),
        (("MIGRATION", None), None, 9),
        (PERSON, 7, 10),
        (("CRM_UI", None), None, 10),
        (("CRM_UI_BULK_ACTION", None), None, 10),
        (("MOBILE_IOS", None), None, 10),
        (("MOBILE_ANDROID", None), None, 10),
        (("EXTENSION", None), None, 10),
        (("PROPERTY_RESTORE", None), None, 10),
        (("ACTIVITY_LOG_REVERT", None), None, 10),
        (("QUANTUM", None), 7, 10),
        (("QUANTUM", None), None, 11),
        (("", None), None, 11),
        (OTHER_APP, None, 11),
        (("INTEGRATION", None), None, 11),
        (("API", "1"), None, 11),
        (("AUTOMATION_PLATFORM", "enrollmentId:1"), 7, 11),
        (("IMPORT", "22"), 7, 11),
        (("DATA_ENRICHMENT", None), None, 11),
        (("BREEZE_AGENT", None), None, 11),
    ],
)
def test_the_last_entry_says_whose_it_is(source: tuple[str, str | None], user: int | None, row: int) -> None:
    row_of = decision(TOUCHED, entry("tier_3", source, user=user))
    expected = {
        8: (8, True, None, None),
        9: (9, True, "put_back", None),
        10: (10, False, None, "open"),
        11: (11, False, None, "open"),
    }
    assert shown(row_of) == expected[row]
    assert row_of["wanted"] == "tier_2"


def test_a_person_opens_an_override_with_who_and_since() -> None:
    row = decision(TOUCHED, entry("tier_3", PERSON, user=7))
    assert opened(row) == ("tier_3", "person", 60 * DAY, "CRM_UI", "userId:7", 7)
    assert (row["ended_by"], row["ended_at"]) == (None, None)


def test_automation_opens_one_of_its_own_kind() -> None:
    row = decision(TOUCHED, entry("tier_3", ("IMPORT", "22"), user=7))
    assert opened(row) == ("tier_3", "automation", 60 * DAY, "IMPORT", "22", 7)


def test_an_emptied_tier_is_an_override_of_no_tier() -> None:
    row = decision(question(live=""), entry("", PERSON, user=7))
    assert (*shown(row), row["value"]) == (10, False, None, "open", "")


def test_a_person_who_agrees_is_kept_for_the_night_the_profile_changes() -> None:
    row = decision(question(live="tier_2"), entry("tier_2", PERSON, user=7))
    assert shown(row) == (10, False, None, "open")


@pytest.mark.parametrize("source", [APP, ("MERGE_COMPANIES", None)])
def test_what_is_wanted_already_is_not_written(source: tuple[str, str | None]) -> None:
    assert decision(question(live="tier_2"), entry("tier_2", source))["write"] is False


def test_the_latest_entry_counts_and_not_the_first() -> None:
    entries = (entry("tier_3", APP, at=59 * DAY), entry("tier_3", PERSON, at=60 * DAY))
    assert decision(TOUCHED, *entries)["row"] == 10


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param((), id="refused, or empty"),
        pytest.param((entry("tier_1", PERSON),), id="not what is live"),
        pytest.param((entry("tier_1", APP),), id="ours, and not what is live"),
        pytest.param((entry("tier_3", PERSON, id=2),), id="another company's"),
        pytest.param((entry("tier_3", PERSON, property=FLAG),), id="another property's"),
    ],
)
def test_where_history_does_not_tell_nothing_is_written_and_nothing_opens(entries: tuple[Any, ...]) -> None:
    assert shown(decision(TOUCHED, *entries)) == (12, False, None, None)
    assert shown(decision(overridden(live="tier_1"), *(one for one in entries if one[2] != "tier_1"))) == (
        12,
        False,
        None,
        "keep",
    )


def test_a_property_that_never_had_a_value_is_written() -> None:
    never = question(live="", wanted="tier_1", base=None)
    stamp = entry("test@1", APP, property="icp_fit_profile")
    assert shown(decision(never, stamp)) == (6, True, None, None)
    assert shown(decision(never)) == (12, False, None, None)


def test_a_company_that_cannot_be_told_is_left_alone_whole() -> None:
    flag = question(property=FLAG, live="true", base="true", wanted="false")
    other = question(id=2, property=TIER)
    decisions = decide_writes(frame(TOUCHED, flag, other), history_frame([]), rules())
    assert decisions.select("id", "property", "row", "write").rows() == [
        (1, FLAG, 12, False),
        (1, TIER, 12, False),
        (2, TIER, 6, True),
    ]


def test_what_has_history_that_is_not_live_is_read_once_more() -> None:
    questions = frame(TOUCHED, question(id=2, live="tier_3"))
    history = history_frame([entry("tier_1", PERSON)])
    assert ids_to_read_again(decide_writes(questions, history, rules()), history) == [1]


# Overrides that are open


def test_a_cleared_tier_is_given_back() -> None:
    row = decision(overridden(live=""), entry("", PERSON, user=7))
    assert shown(row) == (4, True, "released", "end")
    assert (row["ended_by"], row["ended_at"]) == ("cleared", 60 * DAY)


def test_a_write_of_the_cleared_tier_that_failed_is_made_the_next_night() -> None:
    """The entry that emptied it is the one the override ended on."""
    row = decision(question(live="", ended_at=60 * DAY), entry("", PERSON, user=7))
    assert shown(row) == (8, True, "released", None)


def test_a_tier_emptied_by_a_workflow_is_no_way_to_give_it_back() -> None:
    row = decision(overridden(live=""), entry("", ("AUTOMATION_PLATFORM", "1")))
    assert (*shown(row), row["value"], row["kind"]) == (11, False, None, "replace", "", "automation")


@pytest.mark.parametrize("live", ["tier_1", "tier_2"])
def test_an_override_set_anew_is_replaced(live: str) -> None:
    row = decision(overridden(live=live), entry(live, PERSON, user=8))
    assert shown(row) == (10, False, None, "replace")
    assert (row["ended_by"], row["ended_at"]) == ("replaced", 50 * DAY)
    assert opened(row) == (live, "person", 60 * DAY, "CRM_UI", "userId:7", 8)


def test_an_override_that_we_wrote_over_ourselves_ends() -> None:
    row = decision(overridden(live="tier_1"), entry("tier_1", APP))
    assert shown(row) == (8, True, None, "end")
    assert (row["ended_by"], row["ended_at"], row["value"]) == ("replaced", 60 * DAY, None)


@pytest.mark.parametrize("restored", [("RESTORE_OBJECTS", None), ("RECYCLING_BIN", None)])
def test_who_set_a_value_before_its_company_was_restored_set_it(restored: tuple[str, str | None]) -> None:
    """HubSpot repeats every value when it takes a company out of the recycle bin, and chose none of them."""
    again = [entry("tier_3", restored, at=day * DAY, user=3) for day in (90, 80)]
    decided = decision(question(live="tier_3", base=None), *again, entry("tier_3", ("CRM_UI", "userId:7"), user=7))
    assert (decided["action"], decided["user_id"], decided["since"]) == ("open", 7, 60 * DAY)
    mine = decision(question(live="tier_3", base=None), *again, entry("tier_3", APP))
    assert (mine["row"], mine["write"]) == (8, True)


def test_a_merge_over_an_override_is_put_back() -> None:
    assert shown(decision(overridden(live="tier_1"), entry("tier_1", ("MERGE_COMPANIES", None)))) == (
        9,
        True,
        "put_back",
        "end",
    )


@pytest.mark.parametrize(("ended_at", "expected"), [(60 * DAY, 8), (59 * DAY, 10)])
def test_a_released_value_is_written_over_until_somebody_sets_it_again(ended_at: int, expected: int) -> None:
    row = decision(question(live="tier_3", ended_at=ended_at), entry("tier_3", PERSON))
    assert (row["row"], row["cause"]) == (expected, "released" if expected == 8 else None)


# What the profile keeps


@pytest.mark.parametrize(
    ("policy", "source", "expected"),
    [
        ({"people": "put_back"}, PERSON, (10, True, "put_back", None)),
        ({"people": "put_back"}, OTHER_APP, (11, False, None, "open")),
        ({"automation": "put_back"}, PERSON, (10, False, None, "open")),
        ({"automation": "put_back"}, OTHER_APP, (11, True, "put_back", None)),
    ],
)
def test_what_the_profile_puts_back(policy: dict[str, str], source: tuple[str, str], expected: tuple[Any, ...]) -> None:
    assert shown(decision(TOUCHED, entry("tier_3", source), **policy)) == expected


@pytest.mark.parametrize(("base", "cause"), [("tier_1", "put_back"), (None, None)])
def test_with_everything_put_back_nobody_is_asked(base: str | None, cause: str | None) -> None:
    row = decision(question(live="tier_3", base=base), people="put_back", automation="put_back")
    assert shown(row) == (9, True, cause, None)


@pytest.mark.parametrize(
    ("kind", "policy", "kept"),
    [
        ("person", {"people": "put_back"}, False),
        ("person", {"automation": "put_back"}, True),
        ("automation", {"automation": "put_back"}, False),
        ("automation", {"people": "put_back"}, True),
        ("undo", {"people": "put_back", "automation": "put_back"}, True),
    ],
)
def test_an_open_override_ends_when_the_profile_puts_its_kind_back(
    kind: str, policy: dict[str, str], *, kept: bool
) -> None:
    row = decision(overridden(kind=kind), **policy)
    assert shown(row) == ((2, False, None, "keep") if kept else (2, True, "put_back", "end"))
    assert row["ended_by"] == (None if kept else "put_back")


@pytest.mark.parametrize(
    ("days", "expected"), [(None, (False, None, None)), (50, (False, None, None)), (49, (True, "released", "expired"))]
)
def test_an_override_ends_only_after_the_days_the_profile_names(days: int | None, expected: tuple[Any, ...]) -> None:
    policy = {} if days is None else {"expire_days": days}
    row = decision(overridden(), entry("tier_3", PERSON, at=50 * DAY), **policy)
    assert (row["write"], row["cause"], row["ended_by"]) == expected
    assert row["ended_at"] == (50 * DAY if expected[0] else None)


@pytest.mark.parametrize(("days", "expected"), [(40, (10, False, None, "open")), (39, (10, True, "released", None))])
def test_a_value_that_was_set_too_long_ago_opens_no_override(days: int, expected: tuple[Any, ...]) -> None:
    assert shown(decision(TOUCHED, entry("tier_3", PERSON), expire_days=days)) == expected


def test_days_are_counted_by_the_portals_time() -> None:
    questions, history = frame(overridden()), history_frame([entry("tier_3", PERSON, at=50 * DAY)])
    later = decide_writes(questions, history, rules(NOW + 1, expire_days=50))
    assert later["ended_by"].to_list() == ["expired"]


def test_a_value_whose_days_are_over_is_asked_about_before_it_goes() -> None:
    assert (asked(overridden(), expire_days=49), asked(overridden(), expire_days=50)) == ([1], [])
    assert shown(decision(overridden(), expire_days=49)) == (12, False, None, "keep")
    row = decision(overridden(), entry("tier_3", PERSON), expire_days=49)
    assert (row["write"], row["action"], row["since"]) == (False, "replace", 60 * DAY)


# Changed and changed back


def test_a_value_that_a_person_changed_and_changed_back_counts_from_then_on() -> None:
    again = overridden(touched=True)
    assert asked(again) == [1]
    row = decision(again, entry("tier_3", ("CRM_UI", "userId:8"), user=8), entry("tier_1", PERSON, at=59 * DAY))
    assert shown(row) == (10, False, None, "replace")
    assert (row["ended_by"], row["ended_at"], row["since"], row["user_id"]) == ("replaced", 50 * DAY, 60 * DAY, 8)


@pytest.mark.parametrize(
    "history",
    [
        [],
        [entry("tier_3", PERSON, at=50 * DAY)],
        [entry("tier_3", APP)],
        [entry("tier_3", ("MERGE_COMPANIES", None))],
        [entry("tier_2", PERSON)],
    ],
    ids=["refused", "nobody did", "we did", "a merge did", "another value meanwhile"],
)
def test_a_record_of_which_something_else_was_edited_keeps_its_override(history: list[PropertyVersion]) -> None:
    row = decision(overridden(touched=True), *history)
    assert (shown(row), row["since"]) == ((2, False, None, "keep"), 50 * DAY)


def test_a_value_set_anew_by_an_automation_is_the_automations() -> None:
    again, workflow = overridden(touched=True), entry("tier_3", ("AUTOMATION_PLATFORM", "11"))
    assert (decision(again, workflow)["kind"], decision(again, workflow)["ended_by"]) == ("automation", "replaced")
    assert shown(decision(again, workflow, automation="put_back")) == (11, True, "put_back", "end")


def test_who_puts_everything_back_asks_nobody_about_records_that_were_edited() -> None:
    policy = {"people": "put_back", "automation": "put_back"}
    assert asked(overridden(touched=True), **policy) == []
    assert shown(decision(overridden(touched=True), **policy)) == (2, True, "put_back", "end")


# The flag


def flag(**keys: Any) -> dict[str, Any]:
    return question(**{"property": FLAG, "live": "true", "base": "true", "wanted": "false", **keys})


def test_flags_are_one_value_in_any_spelling() -> None:
    assert shown(decision(flag(live="True"))) == (6, True, None, None)
    assert shown(decision(flag(live="True", base="TRUE", wanted="true"))) == (3, False, None, None)
    assert shown(decision(flag(live="", base="true"), entry("", PERSON, property=FLAG))) == (10, False, None, "open")


@pytest.mark.parametrize(
    ("tier", "live", "expected"),
    [
        ("tier_1", "false", ("true", True)),
        ("tier_1", "true", ("true", False)),
        ("tier_3", "true", ("false", True)),
        ("tier_3", "", ("", False)),
        ("", "true", ("false", True)),
    ],
)
@pytest.mark.parametrize("stands", ["open", "opens"])
def test_under_an_override_the_flag_follows_the_tier_that_stands(
    tier: str, live: str, expected: tuple[str, bool], stands: str
) -> None:
    """The profile wants the flag the other way round."""
    other = "true" if expected[0] != "true" else "false"
    override = {"override": tier, "kind": "person", "since": 1} if stands == "open" else {}
    questions = frame(
        question(live=tier, base="tier_2", wanted="tier_2", **override), flag(live=live, base=live, wanted=other)
    )
    history = history_frame([entry(tier, PERSON, user=7)])
    decided = decide_writes(questions, history, rules()).row(by_predicate=pl.col("property") == FLAG, named=True)
    assert (decided["wanted"], decided["write"]) == expected


def test_an_overridden_flag_stands_beside_an_overridden_tier() -> None:
    questions = frame(
        overridden(override="tier_1", live="tier_1"),
        flag(live="false", override="false", kind="person", since=1),
    )
    decisions = decide_writes(questions, history_frame([]), rules())
    assert decisions.select("property", "row", "write").rows() == [(FLAG, 2, False), (TIER, 2, False)]


def test_the_flag_follows_the_profile_where_the_tier_is_ours() -> None:
    decisions = decide_writes(frame(question(), flag()), history_frame([]), rules())
    assert decisions["write"].to_list() == [True, True]


def test_the_answer_has_its_schema_and_order_even_for_nobody() -> None:
    assert decide_writes(frame(), history_frame([]), rules()).schema == DECISIONS
    decisions = decide_writes(frame(question(id=2), flag(id=1), question(id=1)), history_frame([]), rules())
    assert decisions.select("id", "property").rows() == [(1, FLAG), (1, TIER), (2, TIER)]
    assert decisions.schema == DECISIONS
