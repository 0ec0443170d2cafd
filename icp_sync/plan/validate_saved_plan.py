"""Validates a plan read from a file: right portal and profile, fresh, writing only what the profile manages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from icp_sync.errors import PlanUnusable
from icp_sync.plan.guardrails import remeasure_guardrails
from icp_sync.plan.list_diff import ListChange, active_list_filters
from icp_sync.plan.managed_properties import managed_properties
from icp_sync.plan.output_spec import OutputSpec
from icp_sync.plan.outputs import output_specs
from icp_sync.plan.plan import Plan
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile

FRESH: Final = dt.timedelta(hours=24)
CLOCK_SKEW: Final = dt.timedelta(hours=1)
_DIGEST: Final = re.compile(r"[0-9a-f]{12}")
_RUN_ID: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,6})?Z")


def validate_saved_plan(
    plan: Plan, profile: Profile, profile_file_digest: str, *, portal_id: int, now: dt.datetime, allow: Collection[str]
) -> None:
    """Raise PlanUnusable unless `plan` may be applied. `profile_file_digest`: digest of the profile file now."""
    origin = plan.origin
    if origin.portal_id != portal_id:
        raise PlanUnusable(f"the plan was made for portal {origin.portal_id}, the token belongs to portal {portal_id}")
    if origin.profile_name != profile.name:
        raise PlanUnusable(
            f"the plan is one of the profile {origin.profile_name}, not of {profile.name}; name its file with --profile"
        )
    made_from = (origin.profile_digest, origin.profile_whole)
    if made_from != (scoring_digest(profile), profile_file_digest):
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
    if origin.undoes is not None and not _RUN_ID.fullmatch(origin.undoes):
        raise PlanUnusable("the plan undoes a run whose id is none; make a new one with icp-sync undo --out")
    _check_changes(plan, profile)
    _check_lists(plan, profile)
    _check_creations(plan, profile)
    _check_guardrails(plan, profile)


def _check_changes(plan: Plan, profile: Profile) -> None:
    names, specs = profile.write.properties(), output_specs(profile)
    spec_by_property = {names[output]: spec for output, spec in specs.items()}
    for change in plan.iter_changes():
        for name, value in change.after.items():
            if name not in spec_by_property:
                raise PlanUnusable(f"the plan writes {name}, which the profile does not own; make a new plan")
            is_provenance = name == profile.write.profile
            valid = _is_own_stamp(value, plan) if is_provenance else _is_valid_value(spec_by_property[name], value)
            if value and not valid:
                raise PlanUnusable(
                    f"the plan writes a value to {name} of company {change.id} that cannot stand there; make a new plan"
                )


def _is_own_stamp(value: str, plan: Plan) -> bool:
    """Whether a stamp is the plan's own or, for an undo, one an earlier run of the profile left."""
    name, _, digest = value.partition("@")
    is_former = name == plan.origin.profile_name and _DIGEST.fullmatch(digest) is not None
    return value == plan.origin.stamp or (plan.origin.undoes is not None and is_former)


def _is_valid_value(spec: OutputSpec, value: str) -> bool:
    """Whether `value` is valid for the output's type and options."""
    checks: Mapping[str, Callable[[], bool]] = {
        "enumeration": lambda: value in dict(spec.options),
        "bool": lambda: value in dict(spec.options),
        "number": lambda: bool(_NUMBER.fullmatch(value)),
        "datetime": lambda: _is_timestamp(value),
        "string": lambda: len(value) <= 1024,
    }
    return checks[spec.type]()


def _is_timestamp(value: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(value) and dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _check_lists(plan: Plan, profile: Profile) -> None:
    targets = {target.name: target for target in profile.lists}
    for change in plan.lists:
        target = targets.pop(change.name, None)
        if target is None or target.kind != change.kind:
            raise PlanUnusable(
                f"the plan changes the list {change.name}, which the profile does not keep; make a new plan"
            )
        if not _is_allowed_list_change(change, active_list_filters(target.where, profile.write)):
            raise PlanUnusable(
                f"the plan gives the list {change.name} another content than the profile; make a new plan"
            )


def _is_allowed_list_change(change: ListChange, wanted: Mapping[str, object]) -> bool:
    """Whether the change is one the profile's list allows: `wanted` filters or none (active), ids only (static)."""
    if change.kind == "static":
        counts = 0 <= change.add_ours <= len(change.add) and 0 <= change.pinned <= change.members - len(change.remove)
        moved = {*change.add, *change.remove}
        return change.filters is None and counts and moved.isdisjoint(change.taken_off)
    kept = change.filters is None and change.id is not None
    return not change.add and not change.remove and (kept or change.filters == wanted)


def _check_creations(plan: Plan, profile: Profile) -> None:
    options_by_name = {managed.name: dict(managed.options) for managed in managed_properties(profile)}
    created = dict.fromkeys(plan.to_make.properties, ()) | dict(plan.to_make.options)
    unmanaged = [
        name
        for name, values in created.items()
        if name not in options_by_name or set(values) - options_by_name[name].keys()
    ]
    if unmanaged:
        raise PlanUnusable(
            f"the plan makes {', '.join(sorted(unmanaged))}, which the profile does not own so; make a new plan"
        )


def _check_guardrails(plan: Plan, profile: Profile) -> None:
    """The limits must be the profile's; whatever can be measured again from the file is."""
    if plan.guardrails != remeasure_guardrails(plan.guardrails, profile.guardrails, plan.lists, plan.allowed):
        raise PlanUnusable("the plan's guardrails are not those of the profile; make a new plan")
