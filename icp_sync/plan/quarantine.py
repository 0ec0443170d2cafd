"""The quarantine: companies HubSpot rejected are skipped until the cause of the rejection may have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.companies.property_definitions import PropertyDefinition
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.plan.change_frame import Change, iter_changes
from icp_sync.plan.managed_properties import ManagedProperty, managed_properties
from icp_sync.plan.write_precondition import property_types
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import property_names_read


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A company HubSpot rejected: HubSpot's reason and code, and the property where it names one.

    `inputs`, `profile` and `rule` are digests taken at the rejection: the company's texts and desired values, the
    profile file, and the definitions of the properties written. `modified`: the company's `hs_lastmodifieddate` then.
    `since`: ISO 8601 in UTC. `share`: part (0-1) of that run's plan that was rejected.
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


# HubSpot rejects these because another property is empty. The profile may not read that property, so only the
# record's modification date can tell that somebody filled it in.
_ABOUT_ANOTHER_PROPERTY: Final = frozenset({"MISSING_CONDITIONAL_REQUIRED_PROPERTY", "MISSING_REQUIRED_PROPERTY"})


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The entries by company id, and the digests of the profile and of the portal's definitions now.

    `retried`: the run covers exactly these companies, whatever the cause of their rejection.
    """

    refused: Mapping[int, QuarantineEntry] = field(default_factory=dict)
    profile: str = ""
    rule: str = ""
    retried: bool = False


@dataclass(frozen=True, slots=True)
class QuarantineResult:
    """The changes a run makes, the entries it skips, and ids released because no change is pending for them."""

    changes: pl.DataFrame
    quarantined: tuple[QuarantineEntry, ...] = ()
    released: frozenset[int] = frozenset()


def filter_quarantined(
    changes: pl.DataFrame, companies: pl.DataFrame, profile: Profile, quarantine: Quarantine
) -> QuarantineResult:
    """Drop the changes that HubSpot would only reject again.

    `changes`: the change frame; `companies`: the company frame. Digests are computed for quarantined companies only.
    """
    refused = pl.Series(sorted(quarantine.refused), dtype=pl.Int64).implode()
    still_changed = changes.filter(pl.col("id").is_in(refused))
    released = frozenset(quarantine.refused).difference(still_changed["id"])
    if quarantine.retried:
        return QuarantineResult(still_changed, (), released)
    rows = companies.filter(pl.col("id").is_in(still_changed["id"].implode()))
    digests = input_digests(rows, still_changed, profile)
    dates = dict(rows.select("id", MODIFIED).iter_rows()) if MODIFIED in rows.columns else {}
    quarantined = tuple(
        quarantine.refused[company_id]
        for company_id, inputs in digests.items()
        if _would_be_rejected_again(company_id, inputs, dates.get(company_id), quarantine)
    )
    ids = pl.Series([entry.id for entry in quarantined], dtype=pl.Int64)
    kept = changes.filter(~pl.col("id").is_in(ids.implode()))
    return QuarantineResult(kept, quarantined, released)


def input_digests(companies: pl.DataFrame, changes: pl.DataFrame, profile: Profile) -> dict[int, str]:
    """Company id → digest of what a rejection may depend on: the texts the profile reads and the desired values.

    Iterates over rows: `companies` and `changes` must hold only the few rejected companies.
    """
    names = input_properties(profile)
    texts = {row["id"]: [row.get(name) or "" for name in names] for row in companies.iter_rows(named=True)}
    types = property_types(profile)
    return {
        change.id: _digest([texts[change.id], _desired_values(change, types)])
        for change in iter_changes(changes)
        if change.id in texts
    }


def input_properties(profile: Profile) -> tuple[str, ...]:
    """The properties that a company's score and its change depend on, sorted."""
    return tuple(sorted({*property_names_read(profile), *_written_properties(profile)}))


def schema_digest(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> str:
    """The digest of the written properties' definitions: type, options, whether they are writable.

    Properties and options that apply creates count as present, so that the digest is the same before and after the
    first run.
    """
    ours = {owned.name: owned for owned in managed_properties(profile)}
    return _digest(
        [_digested_definition(name, definitions.get(name), ours.get(name)) for name in _written_properties(profile)]
    )


def _written_properties(profile: Profile) -> list[str]:
    lock = [profile.lock.property_name] if profile.lock else []
    return sorted({*profile.write.properties().values(), *lock})


def _would_be_rejected_again(company_id: int, inputs: str, modified: str | None, quarantine: Quarantine) -> bool:
    entry = quarantine.refused[company_id]
    edited = entry.code in _ABOUT_ANOTHER_PROPERTY and entry.modified != modified
    return (entry.inputs, entry.profile, entry.rule) == (inputs, quarantine.profile, quarantine.rule) and not edited


def _desired_values(change: Change, types: Mapping[str, str]) -> dict[str, str]:
    """The desired values without datetimes, which differ with every run."""
    return {name: value for name, value in change.after.items() if types.get(name) != "datetime"}


def _digested_definition(
    name: str, definition: PropertyDefinition | None, managed: ManagedProperty | None
) -> list[Any]:
    kind = definition.type if definition else managed.type if managed else ""
    options = {option.value: option.hidden for option in definition.options} if definition else {}
    options = {value: False for value, _ in managed.options} | options if managed else options
    closed = definition is not None and not definition.writable
    # A boolean's two options are HubSpot's own and come and go with how it was made.
    return [name, kind, sorted(options.items()) if kind == "enumeration" else [], closed]


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def next_quarantine(
    rejected: Iterable[QuarantineEntry], before: Mapping[int, QuarantineEntry], released: Collection[int]
) -> dict[int, QuarantineEntry]:
    """The quarantine after a run; a company rejected again keeps its first `since`."""
    entries = {entry: refused for entry, refused in before.items() if entry not in released}
    for entry in rejected:
        since = before[entry.id].since if entry.id in before else entry.since
        entries[entry.id] = replace(entry, since=since)
    return entries
