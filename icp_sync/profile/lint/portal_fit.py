"""A profile in its portal: fill rates, zeros, currencies, values that were not recognised, and the size of tiers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.lint.basics import parse_written_path
from icp_sync.profile.model.match import operators_of_groups
from icp_sync.profile.model.operator import Group
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts, PropertyFacts
from icp_sync.profile.property_reads import PropertyRead, iter_leaves, iter_matches, property_reads
from icp_sync.text_truncation import shorten

_FILLED: Final = 0.8
_ZEROS: Final = 0.02
_EXAMPLES: Final = 3
_TIER_1: Final = 0.2
_TIERED: Final = 0.4
_UNDECIDED: Final = 0.5
_UNREAD: Final = 0.01
_SIZES: Final = frozenset({"numberofemployees", "annualrevenue", "total_revenue", "total_money_raised"})


def rarely_filled(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Every property read is filled in most companies."""
    for read in property_reads(profile):
        filled = [facts.properties[name].filled for name in read.alternatives if name in facts.properties]
        if not read.is_beside and filled and max(filled) < _FILLED:
            named = " or ".join(read.alternatives)
            message = f"{named} is filled in {_percent(max(filled))} of companies, the others stay unknown"
            yield Finding(parse_written_path(read.path), f"{message}; {_filling_advice(read, profile)}")


def _filling_advice(read: PropertyRead, profile: Profile) -> str:
    """What to do about an empty property, by what it is asked for: only a criterion has a weight to lower."""
    location = profile.location
    if read.alternatives == location.city and _asks_for_cities(profile):
        return "fill it in"
    if read.alternatives in {location.state, location.city, location.zip}:
        return "fill it in where the country alone does not say"
    if read.path.startswith("disqualifiers"):
        return "none of those is ruled out by it; fill it in"
    return "fill it in or lower the weight" if read.path.startswith(("criteria", "derive")) else "fill it in"


def _asks_for_cities(profile: Profile) -> bool:
    leaves = (leaf for path, _, match in iter_matches(profile) for _, leaf in iter_leaves(match, path))
    return any(leaf.operator in operators_of_groups(Group.CITY) for leaf in leaves)


def many_zeros(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Few sizes are zero: a zero is mostly a missing value, yet it counts as a known one."""
    for read in property_reads(profile):
        for name in read.alternatives:
            share = facts.properties[name].zeros if name in facts.properties else 0
            if read.numeric and name in _SIZES and share > _ZEROS:
                message = f"{_percent(share)} of the values of {name} are 0, which counts as a known miss; clear them"
                yield Finding(parse_written_path(read.path), f"{message} in HubSpot")


def another_currency(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """The profile's currency is the portal's, in which HubSpot keeps amounts of money."""
    ours, theirs = profile.profile.currency, facts.currency
    if ours and theirs and ours != theirs:
        message = f"the rules speak of {ours}, the portal's amounts are in {theirs}; convert the rules"
        yield Finding(("profile", "currency"), message)


def amounts_in_other_currencies(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Amounts that are compared are in one currency."""
    for read in property_reads(profile):
        for name in read.alternatives:
            if message := facts.other_currencies.get(name):
                yield Finding(parse_written_path(read.path), message)


def too_broad(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Tier 1 and all tiers together hold a minority of the companies."""
    first, tiered = facts.tiers.get("tier_1", 0), sum(facts.tiers.values())
    if first > _TIER_1:
        message = f"tier_1 holds {_percent(first)} of the companies, over {_percent(_TIER_1)}; ask for more"
        yield Finding(("tiers", 0), message)
    if tiered > _TIERED:
        message = f"{_percent(tiered)} of the companies reach a tier, over {_percent(_TIERED)}; raise the thresholds"
        yield Finding(("tiers", len(profile.tiers) - 1), message)


def mostly_undecided(_profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Most companies have enough known values for an outcome."""
    if facts.undecided is not None and facts.undecided > _UNDECIDED:
        message = f"{_percent(facts.undecided)} of the companies have too little known to say; fill in what is asked"
        yield Finding(("criteria",), f"{message} most, or ask for what is there")


def many_unrecognised_values(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """At most 1 % of a property's filled values are unrecognised."""
    return (finding for share, finding in _unrecognised_findings(profile, facts) if share > _UNREAD)


def few_not_recognised(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """No value is unrecognised; a note only, since every CRM has a few."""
    return (finding for share, finding in _unrecognised_findings(profile, facts) if share <= _UNREAD)


def values_read_with_assumption(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Shows the values that were read with an assumption."""
    for read in property_reads(profile):
        for name in read.alternatives:
            guessed = facts.properties[name].assumed if name in facts.properties else {}
            shown = ", ".join(f"{shorten(text)!r} read as {understood}" for text, understood in guessed.items())
            if shown:
                message = f"{name}: {shown}; if that is not what they mean, correct them in HubSpot"
                yield Finding(parse_written_path(read.path), message)


def _unrecognised_findings(profile: Profile, facts: PortalFacts) -> Iterator[tuple[float, Finding]]:
    """For each property with unrecognised values their share of the filled ones, and the finding."""
    for read in property_reads(profile):
        for name in read.alternatives:
            if name in facts.properties and (measured := facts.properties[name]).unread:
                # A town may be spelt well and still be one of several.
                country_decides = name in {*profile.location.state, *profile.location.city}
                advice = "correct them in HubSpot" + (", or fill in their country" if country_decides else "")
                count, examples = _unrecognised_count_phrase(measured), _examples_text(measured)
                message = f"{count} of {name} that cannot be read, such as {examples}; {advice}"
                yield measured.unread_share, Finding(parse_written_path(read.path), message)


def _unrecognised_count_phrase(facts: PropertyFacts) -> str:
    return "one company has a value" if facts.unread == 1 else f"{facts.unread:,} companies have values"


def _examples_text(facts: PropertyFacts) -> str:
    examples = [(shorten(text, 30), known) for text, known in [*facts.unrecognised.items()][:_EXAMPLES]]
    return ", ".join(f"{text!r} ({known}?)" if known else repr(text) for text, known in examples)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %"
