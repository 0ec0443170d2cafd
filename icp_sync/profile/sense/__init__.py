"""Whether the parts of a profile fit each other: one table of small rules over a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from icp_sync.profile.draft import Draft
from icp_sync.profile.problem import MOST_OF_A_KIND, Flaw
from icp_sync.profile.sense import cases, lists, outputs, questions, tiers

Rule = Callable[[Draft], Iterator[Flaw]]

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "unique-id": questions.unique_ids,
        "required-id": questions.required_ids,
        "nesting": questions.nesting,
        "property": questions.every_leaf_has_a_property,
        "feedback": questions.nothing_reads_what_is_written,
        "region": questions.regions_are_known,
        "region-property": questions.regions_read_a_country,
        "expression": questions.expressions_compile,
        "partial-order": questions.partial_credits_fall,
        "tier-order": tiers.tiers_fall,
        "target-tiers": tiers.target_tiers_exist,
        "currency": outputs.currency_is_known,
        "outputs": outputs.something_is_written,
        "one-property": outputs.each_output_has_its_own_property,
        "standard-property": outputs.no_standard_property_is_taken,
        "stamp": outputs.hubspot_flags_need_the_stamp,
        "list-name": lists.names_are_unique,
        "list-where": lists.where_asks_something,
        "list-tiers": lists.tiers_exist,
        "list-hits": lists.hits_name_criteria,
        "active-list": lists.active_lists_filter_on_what_is_written,
        "test-name": cases.names_are_unique,
        "test-company": cases.company_names_properties,
        "test-expect": cases.something_possible_is_expected,
    }
)


def sensed(draft: Draft) -> Iterator[Flaw]:
    """Every objection of every rule, named after its rule."""
    for name, rule in RULES.items():
        for flaw in islice(rule(draft), MOST_OF_A_KIND):
            yield replace(flaw, rule=name)
