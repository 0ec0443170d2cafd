"""Whether a saved plan may be applied now: the right portal and profile, fresh, and writing only what the profile owns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from icp_sync.errors import PlanUnusable
from icp_sync.plan.membership import ListChange, filters
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.plan.owned import owned_properties
from icp_sync.plan.plan import Plan
from icp_sync.profile.model import Profile

FRESH: Final = dt.timedelta(hours=24)
_NUMBER: Final = re.compile(r"^-?\d{1,15}(\.\d{1,9})?$")
_MOMENT: Final = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")


def admit(
    plan: Plan, profile: Profile, whole: str, *, portal_id: int, now: dt.datetime, allow: Collection[str]
) -> None:
    """Raises PlanUnusable unless `plan` may be applied; `whole` is the digest over the whole profile, `now` is UTC."""
    if plan.origin.portal_id != portal_id:
        raise PlanUnusable(
            f"the plan was made for portal {plan.origin.portal_id}, the token belongs to portal {portal_id}"
        )
    if plan.origin.profile_whole != whole:
        raise PlanUnusable(
            f"the plan was made from another state of profile {plan.origin.profile_name}; make a new plan"
        )
    age = now - plan.origin.created_at
    if not -dt.timedelta(hours=1) <= age <= FRESH and "stale" not in allow:
        raise PlanUnusable(
            f"the plan was made at {plan.origin.created_at:%Y-%m-%d %H:%M} UTC, more than 24 hours from now; make a new one, or --allow stale"
        )
    _admit_changes(plan, profile)
    _admit_lists(plan, profile)
    _admit_making(plan, profile)


def _admit_changes(plan: Plan, profile: Profile) -> None:
    output_of = {name: output for output, name in profile.write.properties().items()}
    for one in plan.each():
        for name, value in one.after.items():
            if name not in output_of:
                raise PlanUnusable(f"the plan writes {name}, which the profile does not own; make a new plan")
            if not _fits(output_of[name], value):
                raise PlanUnusable(
                    f"the plan writes a value to {name} of company {one.id} that cannot stand there; make a new plan"
                )


def _fits(output: str, value: str) -> bool:
    shape = OUTPUTS[output]
    checks: Mapping[str, Callable[[], bool]] = {
        "enumeration": lambda: value in {option for option, _ in shape.options},
        "bool": lambda: value in {"true", "false"},
        "number": lambda: bool(_NUMBER.match(value)),
        "datetime": lambda: bool(_MOMENT.match(value)),
        "string": lambda: len(value) <= 1024,
    }
    return value == "" or checks[shape.type]()


def _admit_lists(plan: Plan, profile: Profile) -> None:
    wanted = {target.name: target for target in profile.lists}
    for change in plan.lists:
        target = wanted.get(change.name)
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
    return not change.add and not change.remove and change.filters in (None, wanted)


def _admit_making(plan: Plan, profile: Profile) -> None:
    ours = {one.name for one in owned_properties(profile)}
    strange = sorted({*plan.to_make.properties, *plan.to_make.options} - ours)
    if strange:
        raise PlanUnusable(
            f"the plan makes {', '.join(strange)}, which the profile does not own; make a new plan"
        )
