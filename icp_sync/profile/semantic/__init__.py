"""Whether the parts of a profile fit each other: one table of small rules over a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from icp_sync.profile.findings import MOST_OF_A_KIND, Finding
from icp_sync.profile.semantic import criteria as questions
from icp_sync.profile.semantic import currencies, derived, lists, outputs, places, tiers
from icp_sync.profile.semantic import duplicates as twice
from icp_sync.profile.semantic import feedback_loops as feedback
from icp_sync.profile.semantic import tests as cases
from icp_sync.profile.semantic import vocabulary as own_words
from icp_sync.profile.semantic.draft import PartialProfile

Rule = Callable[[PartialProfile], Iterator[Finding]]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "unique-id": questions.unique_ids,
        "required-id": questions.required_ids,
        "named-twice": twice.nothing_is_named_twice,
        "counted-twice": twice.names_that_are_counted_differ,
        "nesting": questions.nesting,
        "property": questions.every_leaf_has_a_property,
        "feedback": feedback.nothing_reads_what_is_written,
        "reads-lock": feedback.nothing_reads_the_lock,
        "place": places.places_are_known,
        "place-property": places.geography_reads_a_country,
        "own-name": own_words.names_are_new,
        "own-member": own_words.members_are_known,
        "own-circle": own_words.own_names_come_to_an_end,
        "near-name": own_words.names_are_spelt_as_known,
        "formula": derived.formulas_are_read,
        "derived-name": derived.names_hide_nothing,
        "derived-number": derived.numbers_are_asked_as_numbers,
        "derived-place": derived.what_is_pulled_is_no_derived_name,
        "expression": questions.expressions_compile,
        "partial-order": questions.partial_credits_fall,
        "tier-order": tiers.tiers_fall,
        "tier-leave": tiers.tiers_are_left_below_where_they_are_entered,
        "lowest-tier": tiers.the_lowest_tier_holds_everybody,
        "target-tiers": tiers.target_tiers_exist,
        "currency": currencies.currency_is_known,
        "currency-rate": currencies.rates_are_of_other_currencies,
        "outputs": outputs.something_is_written,
        "one-property": outputs.each_output_has_its_own_property,
        "standard-property": outputs.no_standard_property_is_taken,
        "understood": outputs.what_is_understood_has_a_name,
        "lock": outputs.the_lock_is_ours,
        "stamp": outputs.hubspot_flags_need_the_stamp,
        "list-name": lists.names_are_unique,
        "list-where": lists.where_asks_something,
        "list-tiers": lists.tiers_exist,
        "list-hits": lists.hits_name_criteria,
        "list-changes": lists.changes_are_dated,
        "list-property": lists.list_matches_read_their_property,
        "active-list": lists.active_lists_filter_on_what_is_written,
        "test-name": cases.names_are_unique,
        "test-company": cases.company_names_properties,
        "test-expect": cases.something_possible_is_expected,
    }
)


def semantic_problems(draft: PartialProfile) -> Iterator[Finding]:
    """Every objection of every rule, named after its rule."""
    for name, rule in RULES.items():
        for flaw in islice(rule(draft), MOST_OF_A_KIND):
            yield replace(flaw, rule=name)
