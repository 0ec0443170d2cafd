"""Advice on a valid profile: tables of rules, each a name → a function that yields findings.

A rule's docstring states what holds where it yields nothing. In: a `Profile`, and a day, another profile or
`PortalFacts`. Out: `Finding`s with the rule's name and severity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.lint import (
    arr_against_mrr,
    bands,
    basics,
    ecp_within_icp,
    invisible_characters,
    option_names,
    personas,
    portal_fit,
    reachability,
    review_date,
    template_leftovers,
    tiers,
    weights,
)
from icp_sync.profile.lint.rule import Rule, run_rules
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.portal_measurements import PortalFacts

RULES: Final[Mapping[str, Rule[[Profile]]]] = MappingProxyType(
    {
        "no-disqualifier": Rule(basics.no_disqualifier),
        "no-evidence": Rule(basics.no_evidence),
        "no-owner": Rule(basics.no_owner),
        "no-review-date": Rule(basics.no_review_date),
        "no-tests": Rule(basics.no_tests),
        "person-field": Rule(basics.person_property),
        "persona-role": Rule(personas.persona_without_role),
        "copied-persona": Rule(personas.duplicate_persona),
        "placeholder": Rule(basics.placeholder_texts),
        "empty-word": Rule(basics.empty_words),
        "odd-characters": Rule(invisible_characters.odd_characters),
        "unused-derive": Rule(basics.unused_derived),
        "unused-vendor-column": Rule(basics.unread_columns),
        "mostly-revenue": Rule(weights.mostly_revenue),
        "contradictory-money": Rule(arr_against_mrr.contradictory_amounts),
        "band-gap": Rule(bands.band_gaps),
        "band-overlap": Rule(bands.band_overlaps),
        "nobody": Rule(reachability.unsatisfiable),
        "everybody": Rule(reachability.always_true),
        "out-of-reach": Rule(reachability.tiers_out_of_reach),
        "close-tiers": Rule(tiers.close_tiers),
        "inverted-tiers": Rule(tiers.inverted_tiers),
    }
)
"""Rules that need the profile alone; part of every load."""

DATED_RULES: Final[Mapping[str, Rule[[Profile, dt.date]]]] = MappingProxyType(
    {
        "review-due": Rule(review_date.review_due),
        "not-reviewed": Rule(review_date.not_reviewed),
        "old-evidence": Rule(review_date.aged_evidence),
        "copied": Rule(template_leftovers.copied_template),
        "template": Rule(template_leftovers.template_unchanged, severity="note"),
        "placeholder-evidence": Rule(template_leftovers.placeholder_evidence, severity="note"),
        "untested-trait": Rule(weights.traits_without_criterion, severity="note"),
    }
)
"""Rules that only `check` runs: they depend on the day, or yield no more than a note."""

PAIR_RULES: Final[Mapping[str, Rule[[Profile, Profile]]]] = MappingProxyType(
    {"wider-ecp": Rule(ecp_within_icp.exceeds_icp)}
)

VERDICT_RULES: Final[Mapping[str, Rule[[Profile, dt.date]]]] = MappingProxyType(
    {"wins-less": Rule(review_date.unanswered_verdict)}
)
"""Rules on the day of a backtest by which tier 1 wins less."""

PORTAL_RULES: Final[Mapping[str, Rule[[Profile, PortalFacts]]]] = MappingProxyType(
    {
        "fill-rate": Rule(portal_fit.rarely_filled),
        "unknown-option": Rule(option_names.unknown_options, severity="error"),
        "dead-option": Rule(option_names.dead_options),
        "doubtful-option": Rule(option_names.doubtful_options),
        "zeros": Rule(portal_fit.many_zeros),
        "portal-currency": Rule(portal_fit.another_currency),
        "other-currencies": Rule(portal_fit.amounts_in_other_currencies),
        "too-broad": Rule(portal_fit.too_broad),
        "undecided": Rule(portal_fit.mostly_undecided),
        "not-recognised": Rule(portal_fit.many_unrecognised_values),
        "few-not-recognised": Rule(portal_fit.few_not_recognised, severity="note"),
        "assumed": Rule(portal_fit.values_read_with_assumption, severity="note"),
    }
)


def lint_profile(profile: Profile) -> Iterator[Finding]:
    """Yields the findings of `RULES`; all are warnings."""
    return run_rules(RULES, profile)


def lint_on_day(profile: Profile, as_of: dt.date) -> Iterator[Finding]:
    """Yields the findings of `DATED_RULES` on a calendar day: warnings and notes."""
    return run_rules(DATED_RULES, profile, as_of)


def lint_backtest_verdict(profile: Profile, wins_less_since: dt.date) -> Iterator[Finding]:
    """Yields findings on a profile whose last backtest, of that day, says that tier 1 wins less."""
    return run_rules(VERDICT_RULES, profile, wins_less_since)


def lint_ecp_against_icp(ecp: Profile, icp: Profile) -> Iterator[Finding]:
    """Yields findings on an early customer profile compared with its ICP; paths are the ECP's."""
    return run_rules(PAIR_RULES, ecp, icp)


def lint_portal(profile: Profile, facts: PortalFacts) -> tuple[Finding, ...]:
    """Returns the findings on a profile in the portal it is used in."""
    return tuple(run_rules(PORTAL_RULES, profile, facts))
