"""A profile in its portal: properties nobody fills, options that are not there, tiers that hold everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding, brief
from icp_sync.profile.lint.basics import steps
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_facts import PortalFacts, PropertyFacts
from icp_sync.profile.reads import reads

_FILLED: Final = 0.8
_ZEROS: Final = 0.02
_EXAMPLES: Final = 3
_TIER_1: Final = 0.2
_TIERED: Final = 0.4
_UNDECIDED: Final = 0.5
_UNREAD: Final = 0.01
_SIZES: Final = frozenset({"numberofemployees", "annualrevenue", "total_revenue", "total_money_raised"})


def rarely_filled(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """A question is put to properties that most companies have."""
    for read in reads(profile):
        filled = [facts.properties[name].filled for name in read.alternatives if name in facts.properties]
        if not read.aside and filled and max(filled) < _FILLED:
            named = " or ".join(read.alternatives)
            message = f"{named} is filled in {_percent(max(filled))} of companies, the others stay unknown; fill it in"
            yield Finding(steps(read.path), f"{message} or lower the weight")


def zeros(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """A size of zero is rather nobody's answer, yet it counts as one."""
    for read in reads(profile):
        for name in read.alternatives:
            share = facts.properties[name].zeros if name in facts.properties else 0
            if read.numeric and name in _SIZES and share > _ZEROS:
                message = f"{_percent(share)} of the values of {name} are 0, which counts as a known miss; clear them"
                yield Finding(steps(read.path), f"{message} in HubSpot")


def another_currency(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """HubSpot keeps amounts of money in the portal's own currency."""
    ours, theirs = profile.profile.currency, facts.currency
    if ours and theirs and ours != theirs:
        message = f"the rules speak of {ours}, the portal's amounts are in {theirs}; convert the rules"
        yield Finding(("profile", "currency"), message)


def amounts_in_others(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Amounts that are compared are in one currency."""
    for read in reads(profile):
        for name in read.alternatives:
            if said := facts.other_currencies.get(name):
                yield Finding(steps(read.path), said)


def too_broad(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Whoever fits everybody fits nobody."""
    first, tiered = facts.tiers.get("tier_1", 0), sum(facts.tiers.values())
    if first > _TIER_1:
        message = f"tier_1 holds {_percent(first)} of the companies, over {_percent(_TIER_1)}; ask for more"
        yield Finding(("tiers", 0), message)
    if tiered > _TIERED:
        message = f"{_percent(tiered)} of the companies reach a tier, over {_percent(_TIERED)}; raise the thresholds"
        yield Finding(("tiers", len(profile.tiers) - 1), message)


def mostly_undecided(_profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Most companies can be judged."""
    if facts.undecided is not None and facts.undecided > _UNDECIDED:
        message = f"{_percent(facts.undecided)} of the companies have too little known to say; fill in what is asked"
        yield Finding(("criteria",), f"{message} most, or ask for what is there")


def not_recognised(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Values can be read."""
    return (flaw for share, flaw in _unread(profile, facts) if share > _UNREAD)


def few_not_recognised(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Every CRM has some values nobody can read; they are worth a look, not a refusal."""
    return (flaw for share, flaw in _unread(profile, facts) if share <= _UNREAD)


def assumed(profile: Profile, facts: PortalFacts) -> Iterator[Finding]:
    """Whoever knows a company can object to what its texts were taken for."""
    for read in reads(profile):
        for name in read.alternatives:
            guessed = facts.properties[name].assumed if name in facts.properties else {}
            shown = ", ".join(f"{brief(text)!r} read as {understood}" for text, understood in guessed.items())
            if shown:
                message = f"{name}: {shown}; if that is not what they mean, correct them in HubSpot"
                yield Finding(steps(read.path), message)


def _unread(profile: Profile, facts: PortalFacts) -> Iterator[tuple[float, Finding]]:
    """Of each property with values nobody can read: their share of the filled ones, and what is to be said."""
    for read in reads(profile):
        for name in read.alternatives:
            if name in facts.properties and (found := facts.properties[name]).unread:
                # A town may be spelt well and still be one of several.
                told_by_country = name in {*profile.location.state, *profile.location.city}
                advice = "correct them in HubSpot" + (", or fill in their country" if told_by_country else "")
                message = f"{_unread_values(found)} of {name} that cannot be read, such as {_shown(found)}; {advice}"
                yield found.unread_share, Finding(steps(read.path), message)


def _unread_values(found: PropertyFacts) -> str:
    return "one company has a value" if found.unread == 1 else f"{found.unread:,} companies have values"


def _shown(found: PropertyFacts) -> str:
    some = [(brief(text, 30), known) for text, known in [*found.unrecognised.items()][:_EXAMPLES]]
    return ", ".join(f"{text!r} ({known}?)" if known else repr(text) for text, known in some)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %"
