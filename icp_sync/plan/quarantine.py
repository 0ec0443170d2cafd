"""The quarantine: companies HubSpot refused are left alone until what it refused them for may have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.companies.properties import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.plan.changes import Change, iter_changes
from icp_sync.plan.drift import property_types
from icp_sync.plan.outputs import ManagedProperty, managed_properties
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.reads import reads


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A company HubSpot refused, since when, and why: its code, and the property where it names one.

    `inputs`, `profile` and `rule` are digests of what was so at the time: the company's texts and the values to be
    written, the whole profile, and the definitions of the properties written. `modified` is the company's
    `hs_lastmodifieddate` then. `since` is ISO 8601 in UTC. `share` (0-1) of its run's plan was refused with it.
    """

    id: int
    reason: str
    code: str | None
    property: str | None
    since: str
    inputs: str
    profile: str
    rule: str
    modified: str | None = None
    share: float = 0.0


# Refused for what is empty elsewhere on the record: a property the profile may not read is what heals it.
_FOR_ANOTHER_PROPERTY: Final = frozenset({"MISSING_CONDITIONAL_REQUIRED_PROPERTY", "MISSING_REQUIRED_PROPERTY"})


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Who was refused before, and the digests of the profile and of the portal's rule as they are now.

    `retried`: the run is over exactly these companies, whatever they were refused for.
    """

    refused: Mapping[int, QuarantineEntry] = field(default_factory=dict)
    profile: str = ""
    rule: str = ""
    retried: bool = False


@dataclass(frozen=True, slots=True)
class QuarantineResult:
    """The changes a run makes; who is held back from them; who is in quarantine no longer: gone, or as wanted."""

    changes: pl.DataFrame
    quarantined: tuple[QuarantineEntry, ...] = ()
    released: frozenset[int] = frozenset()


def filter_quarantined(
    changes: pl.DataFrame, companies: pl.DataFrame, profile: Profile, quarantine: Quarantine
) -> QuarantineResult:
    """Part the changes of a whole population from those that HubSpot would only refuse again.

    `changes` is the change frame, `companies` the company frame. Only companies in quarantine are looked at.
    """
    refused = pl.Series(sorted(quarantine.refused), dtype=pl.Int64).implode()
    again = changes.filter(pl.col("id").is_in(refused))
    healed = frozenset(quarantine.refused).difference(again["id"])
    if quarantine.retried:
        return QuarantineResult(again, (), healed)
    rows = companies.filter(pl.col("id").is_in(again["id"].implode()))
    now = input_digests(rows, again, profile)
    dates = dict(rows.select("id", MODIFIED).iter_rows()) if MODIFIED in rows.columns else {}
    held = tuple(
        quarantine.refused[one] for one, inputs in now.items() if _is_as_it_was(one, inputs, dates.get(one), quarantine)
    )
    kept = changes.filter(~pl.col("id").is_in(pl.Series([one.id for one in held], dtype=pl.Int64).implode()))
    return QuarantineResult(kept, held, healed)


def input_digests(companies: pl.DataFrame, changes: pl.DataFrame, profile: Profile) -> dict[int, str]:
    """Id → the digest of what a refusal may have hung on: the texts the profile reads, the values to be written.

    For the few companies HubSpot refused: `companies` and `changes` hold no others.
    """
    names = input_properties(profile)
    texts = {row["id"]: [row.get(name) or "" for name in names] for row in companies.iter_rows(named=True)}
    types = property_types(profile)
    return {one.id: _digest([texts[one.id], _wanted(one, types)]) for one in iter_changes(changes) if one.id in texts}


def input_properties(profile: Profile) -> tuple[str, ...]:
    """The properties a company's verdict and its writing hang on."""
    read = {name for one in reads(profile) for name in one.alternatives}
    return tuple(sorted(read | set(_written(profile))))


def schema_digest(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> str:
    """The digest of what the portal says of the properties written: type, options, whether they may be written.

    What apply makes itself counts as made, so that a first run's refusals are the second's too.
    """
    ours = {one.name: one for one in managed_properties(profile)}
    return _digest([_rule(name, definitions.get(name), ours.get(name)) for name in _written(profile)])


def _written(profile: Profile) -> list[str]:
    lock = [profile.lock.property_name] if profile.lock else []
    return sorted({*profile.write.properties().values(), *lock})


def _is_as_it_was(one: int, inputs: str, modified: str | None, now: Quarantine) -> bool:
    then = now.refused[one]
    edited = then.code in _FOR_ANOTHER_PROPERTY and then.modified != modified
    return (then.inputs, then.profile, then.rule) == (inputs, now.profile, now.rule) and not edited


def _wanted(one: Change, types: Mapping[str, str]) -> dict[str, str]:
    """Without moments, which are those of the run."""
    return {name: value for name, value in one.after.items() if types.get(name) != "datetime"}


def _rule(name: str, told: PropertyDefinition | None, ours: ManagedProperty | None) -> list[Any]:
    kind = told.type if told else ours.type if ours else ""
    options = {option.value: option.hidden for option in told.options} if told else {}
    options = {value: False for value, _ in ours.options} | options if ours else options
    closed = told is not None and not told.writable
    # A boolean's two options are HubSpot's own and come and go with how it was made.
    return [name, kind, sorted(options.items()) if kind == "enumeration" else [], closed]


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def next_quarantine(
    rejected: Iterable[QuarantineEntry], before: Mapping[int, QuarantineEntry], forgotten: Collection[int]
) -> dict[int, QuarantineEntry]:
    """The quarantine after a run: who was refused again keeps the day of the first time."""
    kept = {one: refused for one, refused in before.items() if one not in forgotten}
    for one in rejected:
        since = before[one.id].since if one.id in before else one.since
        kept[one.id] = replace(one, since=since)
    return kept
