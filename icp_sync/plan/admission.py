"""Whether a saved plan may be applied: right portal and profile, fresh, writing only what the profile owns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from icp_sync.errors import PlanUnusable
from icp_sync.plan.guardrails import list_shrink_checks
from icp_sync.plan.list_diff import ListChange, filters
from icp_sync.plan.outputs import OutputSpec, managed_properties, output_specs
from icp_sync.plan.plan import Plan
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile

FRESH: Final = dt.timedelta(hours=24)
CLOCK_SKEW: Final = dt.timedelta(hours=1)
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?Z")


def validate(
    plan: Plan, profile: Profile, whole: str, *, portal_id: int, now: dt.datetime, allow: Collection[str]
) -> None:
    """Raises PlanUnusable unless `plan` may be applied; `whole` is the digest over the whole profile."""
    origin = plan.origin
    if origin.portal_id != portal_id:
        raise PlanUnusable(f"the plan was made for portal {origin.portal_id}, the token belongs to portal {portal_id}")
    made_from = (origin.profile_name, origin.profile_digest, origin.profile_whole)
    if made_from != (profile.name, scoring_digest(profile), whole):
        raise PlanUnusable(
            f"the plan was made from another state of profile {profile.name}; make a new one with icp-sync plan"
        )
    if not -CLOCK_SKEW <= now - origin.created_at <= FRESH and "stale" not in allow:
        raise PlanUnusable(
            f"the plan was made at {origin.created_at:%Y-%m-%d %H:%M} UTC, more than 24 hours from now; "
            "make a new one, or --allow stale"
        )
    if abs(origin.as_of - origin.created_at.date()) > dt.timedelta(days=1):
        raise PlanUnusable(
            f"the plan was made as of {origin.as_of}, which is for looking only; make one without --as-of"
        )
    _admit_changes(plan, profile)
    _admit_lists(plan, profile)
    _admit_making(plan, profile)
    _admit_guardrails(plan, profile)


def _admit_changes(plan: Plan, profile: Profile) -> None:
    named, shaped = profile.write.properties(), output_specs(profile)
    shape_of = {named[output]: shape for output, shape in shaped.items()}
    stamp = f"{plan.origin.profile_name}@{plan.origin.profile_digest}"
    for one in plan.iter_changes():
        for name, value in one.after.items():
            if name not in shape_of:
                raise PlanUnusable(f"the plan writes {name}, which the profile does not own; make a new plan")
            fits = value == stamp if name == profile.write.profile else _fits(shape_of[name], value)
            if value and not fits:
                raise PlanUnusable(
                    f"the plan writes a value to {name} of company {one.id} that cannot stand there; make a new plan"
                )


def _fits(shape: OutputSpec, value: str) -> bool:
    """Whether icp_sync could have wanted `value` there."""
    checks: Mapping[str, Callable[[], bool]] = {
        "enumeration": lambda: value in dict(shape.options),
        "bool": lambda: value in dict(shape.options),
        "number": lambda: bool(_NUMBER.fullmatch(value)),
        "datetime": lambda: _is_moment(value),
        "string": lambda: len(value) <= 1024,
    }
    return checks[shape.type]()


def _is_moment(value: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(value) and dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _admit_lists(plan: Plan, profile: Profile) -> None:
    wanted = {target.name: target for target in profile.lists}
    for change in plan.lists:
        target = wanted.pop(change.name, None)
        if target is None or target.kind != change.kind:
            raise PlanUnusable(
                f"the plan changes the list {change.name}, which the profile does not keep; make a new plan"
            )
        if not _admissible(change, filters(target.where, profile.write)):
            raise PlanUnusable(
                f"the plan gives the list {change.name} another content than the profile; make a new plan"
            )


def _admissible(change: ListChange, wanted: Mapping[str, object]) -> bool:
    """An active list gets the profile's filter or none; a static one gets ids and no filter."""
    if change.kind == "static":
        return change.filters is None
    kept = change.filters is None and change.id is not None
    return not change.add and not change.remove and (kept or change.filters == wanted)


def _admit_making(plan: Plan, profile: Profile) -> None:
    ours = {one.name: dict(one.options) for one in managed_properties(profile)}
    wanted = dict.fromkeys(plan.to_make.properties, ()) | dict(plan.to_make.options)
    strange = [name for name, values in wanted.items() if name not in ours or set(values) - ours[name].keys()]
    if strange:
        raise PlanUnusable(
            f"the plan makes {', '.join(sorted(strange))}, which the profile does not own so; make a new plan"
        )


def _admit_guardrails(plan: Plan, profile: Profile) -> None:
    """The brakes are the profile's; what a file can tell of them is worked out again."""
    limits = profile.guardrails
    judged = {one.name: one for one in plan.guardrails if one.list_name is None}
    same = {name: one.limit for name, one in judged.items()} == {
        name: getattr(limits, name) for name in ("changed", "leaving_tier_1", "read_at_least")
    }
    lists = tuple(one for one in plan.guardrails if one.list_name is not None)
    overridden = {one.name for one in plan.guardrails if one.allowed}
    if not same or lists != list_shrink_checks(plan.lists, limits, plan.allowed) or not overridden <= {*plan.allowed}:
        raise PlanUnusable("the plan's guardrails are not those of the profile; make a new plan")
