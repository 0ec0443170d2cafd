"""Preflight: does the portal fit the profile? Only reads; all misfits are reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process

from icp_sync.companies.parse.portal_conventions import Conventions
from icp_sync.companies.property_definitions import PropertyDefinition, oauth_read_scope
from icp_sync.companies.snapshot import MERGED, MODIFIED
from icp_sync.errors import PreflightFailed
from icp_sync.plan.champion_challenger_experiment import describe_experiment_edits
from icp_sync.plan.managed_properties import GROUP, LOCK, is_made_by_us, is_managed, managed_properties
from icp_sync.plan.output_spec import OutputSpec
from icp_sync.plan.outputs import output_specs
from icp_sync.plan.plan import MissingObjects
from icp_sync.portal.account import Account
from icp_sync.profile.model.outputs import output_path
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import PropertyRead, property_reads
from icp_sync.runs.extract.portal_settings_check import describe_mismatches, describe_unknown_options, zone_or_utc

# Name and domain for people, the owner for lists, the dates for the next delta, and the ids merged into a record, since
# a company merged away is nowhere else named.
ALWAYS_READ: Final = (
    "name",
    "domain",
    "hubspot_owner_id",
    "createdate",
    MODIFIED,
    MERGED,
)
# HubSpot sends every value as text, so a text property may hold numbers; a date or an option may not.
NUMERIC_TYPES: Final = frozenset({"number", "string"})
_COMPARED_ALONE: Final = ("score", "potential", "coverage", "outcome", "reasons", "understood.")
"""How the outputs begin from whose texts on a record nothing follows but whether they are written anew."""
OWN_NAMES: Final[Mapping[str, str]] = {
    "tier": "icp_tier",
    "target_account": "icp_target_account",
    "property": "icp_fit_lock",
}


@dataclass(frozen=True, slots=True)
class Preflight:
    """The portal checked against one profile.

    `pulled`: the properties to read; `absent`: named by the profile but missing in the portal, so they count as
    empty. `conventions`: how values are parsed in this portal. `notes`: irregularities that do not stop a run.
    """

    account: Account
    definitions: Mapping[str, PropertyDefinition]
    pulled: tuple[str, ...]
    absent: tuple[str, ...]
    to_make: MissingObjects
    conventions: Conventions
    notes: tuple[str, ...] = ()


def preflight(profile: Profile, account: Account, definitions: Mapping[str, PropertyDefinition]) -> Preflight:
    """Check the portal against the profile. Raises PreflightFailed naming every misfit and its remedy."""
    descriptions = {name: definition.description for name, definition in definitions.items()}
    edits = describe_experiment_edits(profile, descriptions)
    misfits = [*_unreadable_misfits(profile, definitions), *_unwritable_misfits(profile, definitions), *edits]
    if misfits:
        raise PreflightFailed("the portal does not fit the profile; nothing was written", details=misfits)
    names = required_properties(profile)
    pulled = tuple(name for name in names if name in definitions)
    return Preflight(
        account=account,
        definitions=definitions,
        pulled=pulled,
        absent=tuple(name for name in names if name not in definitions),
        to_make=_objects_to_make(profile, definitions),
        conventions=Conventions.from_definitions([definitions[name] for name in pulled], zone_or_utc(account)),
        notes=(
            *_moved_property_notes(profile, definitions),
            *describe_unknown_options(profile, definitions),
            *describe_mismatches(profile, account),
        ),
    )


def _moved_property_notes(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> Iterator[str]:
    """A sentence for each managed property that was moved to another group."""
    for owned in managed_properties(profile):
        definition = definitions.get(owned.name)
        if definition is not None and definition.group != GROUP and is_made_by_us(definition.description):
            yield f"property {owned.name} was moved to the group {definition.group}; it is written there"


def required_properties(profile: Profile) -> tuple[str, ...]:
    """The properties the profile reads or writes and those always read, without duplicates, in a stable order."""
    read = [name for requirement in property_reads(profile) for name in requirement.alternatives]
    return tuple(dict.fromkeys([*ALWAYS_READ, *read, *(name for _, name, _ in _required_outputs(profile))]))


def properties_left_on_disk(profile: Profile) -> frozenset[str]:
    """The properties that are looked at of the companies a plan may be about alone, not of all that are scored.

    They are shown beside a company, or written and compared with what is desired. Of the others verdicts follow, or
    whose a record is; without a stamp that follows from everything that is written, and so does what a vendor filled.
    """
    used = {name for requirement in property_reads(profile) for name in requirement.alternatives}
    written = profile.write.properties()
    may_be_apart = bool(profile.write.profile) and not profile.enrichment
    compared = {name for output, name in written.items() if may_be_apart and output.startswith(_COMPARED_ALONE)}
    kept = {name for output, name in written.items() if name not in compared}
    return (frozenset(ALWAYS_READ) | compared) - used - kept - {MERGED}


def _required_outputs(profile: Profile) -> Iterator[tuple[str, str, OutputSpec]]:
    """The properties the profile writes or locks by: path in the profile, property name, output spec."""
    names = profile.write.properties()
    for output, shape in output_specs(profile).items():
        yield ".".join(output_path(output)), names[output], shape
    if profile.lock:
        yield "lock.property", profile.lock.property_name, LOCK


def _unreadable_misfits(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> Iterator[str]:
    """A misfit for each property that cannot be read.

    HubSpot ignores unknown names on reads, so a typing error would look like a property that is always empty.
    """
    ours = {name for _, name, _ in _required_outputs(profile) if is_managed(name)}
    for read in property_reads(profile):
        existing = [name for name in read.alternatives if name in definitions]
        if not existing and not read.optional and not ours.intersection(read.alternatives):
            yield _missing_misfit(read, definitions)
        for name in existing:
            if read.numeric and definitions[name].type not in NUMERIC_TYPES:
                kind = definitions[name].type
                yield f"{read.path}: property {name} is a {kind} in this portal, not a number; name another"


def _missing_misfit(read: PropertyRead, definitions: Mapping[str, PropertyDefinition]) -> str:
    near = [name for name, _, _ in process.extract(read.alternatives[0], list(definitions), limit=3, score_cutoff=70)]
    hint = f"did you mean {' or '.join(near)}?" if near else "make it in HubSpot"
    alternatives = " or ".join(read.alternatives)
    in_question = read.path.startswith(("criteria", "disqualifiers"))
    otherwise = "or set optional: true if it may be missing; " if in_question else ""
    return (
        f"{read.path}: this portal shows no company property {alternatives}; {hint} ({otherwise}a sensitive property "
        f"shows only to a key with {oauth_read_scope('sensitive')})"
    )


def _unwritable_misfits(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> Iterator[str]:
    for place, name, shape in _required_outputs(profile):
        definition = definitions.get(name)
        if definition is None:
            if not is_managed(name):
                why = "which HubSpot makes when target accounts are turned on"
                yield f"{place}: this portal has no {name}, {why}; {_remedy(place, name)}"
        elif definition.read_only or definition.calculated:
            yield f"{place}: {name} is read-only in this portal; {_remedy(place, name)}"
        else:
            yield from _definition_misfits(place, definition, shape)


def _definition_misfits(place: str, definition: PropertyDefinition, shape: OutputSpec) -> Iterator[str]:
    subject = f"{place}: property {definition.name}"
    if definition.type != shape.type:
        kinds = f"is a {definition.type} in this portal, icp_sync keeps a {shape.type} there"
        yield f"{subject} {kinds}; {_remedy(place, definition.name)}"
    elif is_managed(definition.name) and definition.group != GROUP and not is_made_by_us(definition.description):
        whose = f"is in the group {definition.group}, ours are in the group {GROUP}: it belongs to somebody else"
        yield f"{subject} {whose}; {_remedy(place, definition.name)}"
    elif not is_managed(definition.name) and (lacking := _lacking_options(definition, shape)):
        yield f"{subject} lacks the options {', '.join(lacking)}; {_remedy(place, definition.name)}"


def _remedy(place: str, name: str) -> str:
    """The advice to write another property, never the one at fault."""
    output = place.rpartition(".")[2]
    other = OWN_NAMES.get(output, f"icp_fit_{output}")
    return f"write a name of your own there, such as {other if other != name else f'{other}_2'}, and apply makes it"


def _objects_to_make(profile: Profile, definitions: Mapping[str, PropertyDefinition]) -> MissingObjects:
    ours = {name: shape for _, name, shape in _required_outputs(profile) if is_managed(name)}
    missing = tuple(name for name in ours if name not in definitions)
    lacking = {name: _lacking_options(definitions[name], shape) for name, shape in ours.items() if name in definitions}
    # An empty group does not show in the properties; creating it again does no harm (409).
    has_group = any(definition.group == GROUP for definition in definitions.values())
    return MissingObjects(
        group=bool(missing) and not has_group,
        properties=missing,
        options={name: values for name, values in lacking.items() if values},
    )


def _lacking_options(definition: PropertyDefinition, shape: OutputSpec) -> tuple[str, ...]:
    """Options the output needs that the property lacks; a boolean always has its two."""
    # Writing a value that is no option is rejected with INVALID_OPTION, so missing options are created first.
    existing = {option.value for option in definition.options}
    return tuple(value for value, _ in shape.options if value not in existing) if shape.type == "enumeration" else ()
