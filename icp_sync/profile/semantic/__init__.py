"""Semantic checks: whether the parts of a profile fit each other, as one table of rules over a partial profile.

A rule's docstring states what holds where it yields nothing. Rules see only well-shaped parts, so they run beside the
shape's own findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from icp_sync.profile.findings import MAX_PER_RULE, Finding
from icp_sync.profile.semantic import (
    criteria,
    currencies,
    derived_values,
    duplicates,
    enrichment,
    feedback_loops,
    lists,
    outputs,
    overrides,
    personas,
    places,
    profile_tests,
    tiers,
    vocabulary,
)
from icp_sync.profile.semantic.partial_profile import PartialProfile

Rule = Callable[[PartialProfile], Iterator[Finding]]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "unique-id": criteria.ids_are_unique,
        "required-id": criteria.required_ids_exist,
        "named-twice": duplicates.no_duplicate_items,
        "counted-twice": duplicates.no_duplicate_counted_names,
        "nesting": criteria.nesting_is_bounded,
        "property": criteria.every_leaf_has_a_property,
        "feedback": feedback_loops.no_output_is_read,
        "reads-lock": feedback_loops.lock_is_not_read,
        "place": places.places_are_known,
        "place-property": places.geography_has_its_own_property,
        "own-name": vocabulary.own_names_are_new,
        "own-member": vocabulary.members_are_known,
        "own-circle": vocabulary.no_cycles,
        "near-name": vocabulary.no_misspellings,
        "formula": derived_values.formulas_parse,
        "derived-name": derived_values.derived_names_are_new,
        "derived-number": derived_values.derived_values_are_compared_as_numbers,
        "derived-place": derived_values.location_and_capacity_are_not_derived,
        "expression": criteria.regexes_compile,
        "partial-order": criteria.partial_credits_fall,
        "tier-order": tiers.thresholds_fall,
        "tier-leave": tiers.leave_is_below_enter,
        "lowest-tier": tiers.lowest_tier_has_no_capacity,
        "target-tiers": tiers.target_tiers_exist,
        "currency": currencies.currency_is_known,
        "currency-rate": currencies.rates_are_of_other_currencies,
        "outputs": outputs.an_output_is_written,
        "one-property": outputs.output_properties_are_distinct,
        "standard-property": outputs.no_standard_property_is_written,
        "understood": outputs.understood_names_exist,
        "vendor-source": enrichment.sources_are_distinct,
        "vendor-property": enrichment.vendors_fill_properties_of_others,
        "enriched": enrichment.enriched_outputs_are_filled,
        "experiment": outputs.experiment_names_another_profile,
        "lock": outputs.lock_is_a_custom_property,
        "stamp": outputs.hubspot_flags_need_provenance,
        "override": overrides.overrides_have_something_to_keep,
        "override-stamp": overrides.overrides_need_provenance,
        "list-name": lists.names_are_unique,
        "list-where": lists.where_is_not_empty,
        "list-tiers": lists.tiers_exist,
        "list-hits": lists.hits_name_criteria,
        "list-changes": lists.changed_at_is_written,
        "list-experiment": lists.experiment_is_written,
        "list-property": lists.property_match_reads_its_property,
        "list-committee": personas.lists_have_a_committee,
        "active-list": lists.active_lists_filter_on_outputs,
        "persona-id": personas.ids_are_unique,
        "persona-tiers": personas.tiers_exist,
        "persona-place": personas.places_name_their_property,
        "nobody-decides": personas.somebody_decides,
        "test-name": profile_tests.names_are_unique,
        "test-company": profile_tests.company_keys_are_properties,
        "test-expect": profile_tests.expectation_is_possible,
    }
)


def semantic_problems(draft: PartialProfile) -> Iterator[Finding]:
    """Yields the findings of every rule, at most `MAX_PER_RULE` each, with the rule's name."""
    for name, rule in RULES.items():
        for finding in islice(rule(draft), MAX_PER_RULE):
            yield replace(finding, rule=name)
