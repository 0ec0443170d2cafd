"""A saved plan is applied only to the portal and by the profile it was made for, and only while fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from icp_sync.errors import PlanUnusable
from icp_sync.plan.guardrails import NAMES, GuardrailCheck
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.plan import MissingObjects, Plan, PlanOrigin
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.plan.validate_saved_plan import validate_saved_plan
from icp_sync.profile.digest import file_digest
from icp_sync.profile.model.profile import Profile
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    NOW,
    OUTSIDE,
    PORTAL,
    PROPERTY,
    TIER_1,
    TIER_2,
    drawn,
    profile_of,
    settled,
    unchanged_list,
    verdict,
)

LISTS = [
    {"name": "Tier 1", "kind": "static", "where": {"tier": ["tier_1"]}},
    {"name": "Tiered", "kind": "active", "where": {"tier": ["tier_1", "tier_2"]}},
    {"name": "Kept", "kind": "active", "where": {"tier": ["tier_1"]}},
]
PROFILE = profile_of(lists=LISTS)
OURS = settled(TIER_1, PROFILE)
TO_MAKE = MissingObjects(group=True, properties=("icp_fit_score",), options={"icp_fit_outcome": ("tiered",)})
KEPT = drawn((BLANK, TIER_1), profile=PROFILE, lists={one["name"]: LiveList() for one in LISTS}).plan.lists[2].filters
LIVE = {
    "Tier 1": unchanged_list("7", pl.Series(range(2, 40))),
    "Tiered": LiveList(),
    "Kept": LiveList("8", filters=KEPT),
}
PLAN = drawn(
    (BLANK, TIER_1), (OURS, TIER_2), (OURS, OUTSIDE), (settled(NO_TIER), verdict()),
    profile=PROFILE, to_make=TO_MAKE, lists=LIVE, last_read=4, allow={"list_shrink"},
).plan  # fmt: skip


def admitted(
    plan: Plan, profile: Profile = PROFILE, portal_id: int = PORTAL, age: float = 0, allow: Collection[str] = ()
) -> None:
    """Admit `plan` when it is so many hours old."""
    now = NOW + dt.timedelta(hours=age)
    validate_saved_plan(plan, profile, file_digest(profile), portal_id=portal_id, now=now, allow=allow)


def test_a_plan_of_this_portal_and_profile_is_admitted() -> None:
    admitted(PLAN)
    assert PLAN.changes.height == 4
    assert PLAN.lists[1].filters is not None


def test_another_portal_is_refused() -> None:
    with pytest.raises(PlanUnusable, match="made for portal 4242, the token belongs to portal 1"):
        admitted(PLAN, portal_id=1)


@pytest.mark.parametrize(
    "profile",
    [
        profile_of(lists=LISTS, guardrails={"changed": "100%"}),
        profile_of(lists=LISTS[:1]),
    ],
)
def test_another_state_of_the_profile_is_refused(profile: Profile) -> None:
    with pytest.raises(PlanUnusable, match="another state of profile"):
        admitted(PLAN, profile)


@pytest.mark.parametrize(
    "origin",
    [
        replace(PLAN.origin, profile_digest="other"),
        replace(PLAN.origin, profile_whole="other"),
    ],
)
def test_a_plan_from_another_state_is_refused(origin: PlanOrigin) -> None:
    with pytest.raises(PlanUnusable, match="another state of profile"):
        admitted(replace(PLAN, origin=origin))


def test_a_plan_of_another_profile_is_named_as_such() -> None:
    message = f"one of the profile {PLAN.origin.profile_name}, not of other; name its file with --profile"
    with pytest.raises(PlanUnusable, match=message):
        admitted(PLAN, profile_of(lists=LISTS, profile={"name": "other", "kind": "icp"}))


@pytest.mark.parametrize("age", [0, 24, -1])
def test_a_plan_is_fresh_for_24_hours_and_clocks_may_differ_by_one(age: float) -> None:
    admitted(PLAN, age=age)


@pytest.mark.parametrize("age", [24.001, -1.001, 10_000])
def test_an_old_plan_is_refused_unless_stale_is_allowed(age: float) -> None:
    with pytest.raises(PlanUnusable, match="more than 24 hours from now; make a new one, or --allow stale"):
        admitted(PLAN, age=age, allow={"changed"})
    admitted(PLAN, age=age, allow={"stale"})


def written(name: str, value: str) -> Plan:
    """The plan, with `value` written to `name` of company 1."""
    text = pl.lit(value, pl.String)
    first = PLAN.changes.head(1).with_columns(text.alias(f"after.{name}"), text.alias(f"before.{name}"))
    return replace(PLAN, changes=first)


@pytest.mark.parametrize("name", ["hs_lead_status", "icp_fit_tier", "name"])
def test_a_property_the_profile_does_not_write_is_refused(name: str) -> None:
    with pytest.raises(PlanUnusable, match=f"writes {name}, which the profile does not own"):
        admitted(written(name, "x"))


@pytest.mark.parametrize(
    ("output", "value"),
    [
        ("tier", "tier_4"), ("tier", "TIER_1"), ("outcome", "great"), ("target_account", "yes"),
        ("score", "high"), ("score", "80\n"), ("score", "８０"), ("score", "nan"), ("coverage", "1e999"),
        ("changed_at", "yesterday"), ("changed_at", "2026-13-01T00:00:00Z"), ("changed_at", "2026-11-21T03:00:00"),
        ("reasons", "x" * 1025), ("profile", "mine"), ("profile", "test@ffffffffffff"),
    ],
)  # fmt: skip
def test_a_value_icp_sync_could_not_have_wanted_is_refused(output: str, value: str) -> None:
    with pytest.raises(PlanUnusable, match=f"writes a value to {PROPERTY[output]} of company 1"):
        admitted(written(PROPERTY[output], value))


@pytest.mark.parametrize(
    ("output", "value"),
    [("tier", "tier_3"), ("target_account", "false"), ("score", "0.0"), ("score", ""), ("profile", ""),
     ("changed_at", "2026-11-21T03:00:00.123Z"), ("reasons", "x" * 1024)],
)  # fmt: skip
def test_a_value_icp_sync_could_have_wanted_is_admitted(output: str, value: str) -> None:
    admitted(written(PROPERTY[output], value))


def listed(position: int, **changed: object) -> Plan:
    """The plan, with one of its lists changed by hand."""
    lists = list(PLAN.lists)
    lists[position] = replace(lists[position], **changed)  # type: ignore[arg-type]  # by hand, so anything
    return replace(PLAN, lists=tuple(lists))


@pytest.mark.parametrize("undoes", ["", "a" * 65, "run 1", "run\n1"])
def test_an_undo_of_what_is_no_run_is_refused(undoes: str) -> None:
    with pytest.raises(PlanUnusable, match="undoes a run whose id is none"):
        admitted(replace(PLAN, origin=replace(PLAN.origin, undoes=undoes)))


@pytest.mark.parametrize(
    ("undoes", "stamp", "is_admitted"),
    [
        ("run-0", "test@000000000000", True),
        ("run-0", "", True),
        ("run-0", "other@000000000000", False),
        ("run-0", "test@<script>", False),
        (None, "test@000000000000", False),
    ],
)
def test_an_undo_may_bring_back_a_former_stamp(undoes: str | None, stamp: str, is_admitted: bool) -> None:
    after = f"after.{PROPERTY['profile']}"
    changes = PLAN.changes.with_columns(pl.when(pl.col("id") == 2).then(pl.lit(stamp)).otherwise(after).alias(after))
    plan = replace(PLAN, origin=replace(PLAN.origin, undoes=undoes), changes=changes)
    if is_admitted:
        admitted(plan)
    else:
        with pytest.raises(PlanUnusable, match=PROPERTY["profile"]):
            admitted(plan)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (listed(0, name="Theirs"), "the list Theirs, which the profile does not keep"),
        (listed(0, kind="active"), "the list Tier 1, which the profile does not keep"),
        (replace(PLAN, lists=(*PLAN.lists, PLAN.lists[0])), "the list Tier 1, which the profile does not keep"),
        (listed(0, filters={}), "the list Tier 1 another content"),
        (listed(1, filters={"filterBranchType": "OR"}), "the list Tiered another content"),
        (listed(1, filters=None), "the list Tiered another content"),
        (listed(1, add=(1,)), "the list Tiered another content"),
        (listed(2, remove=(1,)), "the list Kept another content"),
        (listed(0, add_ours=99), "the list Tier 1 another content"),
        (listed(0, add_ours=-1), "the list Tier 1 another content"),
    ],
)
def test_a_list_the_profile_does_not_want_is_refused(plan: Plan, sentence: str) -> None:
    with pytest.raises(PlanUnusable, match=sentence):
        admitted(plan)


@pytest.mark.parametrize(
    "to_make",
    [
        MissingObjects(properties=("hs_ideal_customer_profile",)),
        MissingObjects(properties=("theirs",)),
        MissingObjects(options={"theirs": ()}),
        MissingObjects(options={"icp_fit_outcome": ("great",)}),
        MissingObjects(options={"icp_fit_score": ("1",)}),
    ],
)
def test_making_what_is_not_ours_is_refused(to_make: MissingObjects) -> None:
    with pytest.raises(PlanUnusable, match="which the profile does not own so"):
        admitted(replace(PLAN, to_make=to_make))


def without(name: str) -> Callable[[GuardrailCheck], GuardrailCheck | None]:
    return lambda check: None if check.name == name else check


def loosened(name: str) -> Callable[[GuardrailCheck], GuardrailCheck | None]:
    return lambda check: replace(check, limit=Decimal(1)) if check.name == name else check


@pytest.mark.parametrize(
    "edit",
    [
        *(without(name) for name in NAMES),
        *(loosened(name) for name in NAMES if name != "read_at_least"),
        lambda check: replace(check, part=0) if check.name == "list_shrink" else check,
        lambda check: replace(check, whole=None) if check.name == "list_shrink" else check,
        lambda check: replace(check, part=0, whole=99) if check.name == "list_growth" else check,
        lambda check: replace(check, allowed=True),
    ],
)
def test_guardrails_taken_off_by_hand_are_refused(edit: Callable[[GuardrailCheck], GuardrailCheck | None]) -> None:
    edited = tuple(one for one in map(edit, PLAN.guardrails) if one)
    with pytest.raises(PlanUnusable, match="guardrails are not those of the profile"):
        admitted(replace(PLAN, guardrails=edited))


def test_a_share_of_nothing_is_not_judged() -> None:
    guardrails = tuple(replace(one, whole=0) if one.name == "changed" else one for one in PLAN.guardrails)
    plan = replace(PLAN, guardrails=guardrails)
    admitted(plan)
    assert (plan.blocked_by, plan.guardrails[0].actual) == ((), None)


def test_a_plan_without_lists_needs_no_list_guardrails() -> None:
    admitted(drawn((BLANK, TIER_1), profile=PROFILE).plan)
    assert ListChange("L", "static", None).is_pending
