"""The properties that are ours, and how each is made."""

from __future__ import annotations

import pytest

from icp_sync.plan.managed_properties import GROUP, ManagedProperty, managed_properties
from icp_sync.plan.outputs import OUTPUTS
from icp_sync.profile.model.outputs import COMMITTEE_OUTPUTS, Write
from icp_sync.profile.model.types import OUTCOMES, TIERS
from tests.plan.drawings import PROFILE, PROPERTY

OWNED = {one.name: one for one in managed_properties(PROFILE)}


def test_hubspots_own_properties_are_never_ours_to_make() -> None:
    assert {*OWNED} == {name for name in PROPERTY.values() if not name.startswith("hs_")}


def test_every_output_a_profile_can_write_is_known() -> None:
    assert {*OUTPUTS} == {*Write.model_fields, *COMMITTEE_OUTPUTS} - {"understood", "enriched"}


@pytest.mark.parametrize("managed", OWNED.values(), ids=OWNED)
def test_each_stands_in_our_group_and_says_who_writes_it(managed: ManagedProperty) -> None:
    assert (managed.group, bool(managed.label)) == (GROUP, True)
    assert "Written by icp_sync" in managed.description


@pytest.mark.parametrize(
    ("output", "kind", "field_type", "options"),
    [
        ("tier", "enumeration", "radio", list(TIERS)),
        ("target_account", "bool", "booleancheckbox", ["true", "false"]),
        ("score", "number", "number", []),
        ("potential", "number", "number", []),
        ("coverage", "number", "number", []),
        ("outcome", "enumeration", "select", list(OUTCOMES)),
        ("reasons", "string", "textarea", []),
        ("profile", "string", "text", []),
        ("changed_at", "datetime", "date", []),
    ],
)
def test_what_each_output_is_made_as(output: str, kind: str, field_type: str, options: list[str]) -> None:
    shape = OUTPUTS[output]
    assert (shape.type, shape.field_type, [value for value, _ in shape.options]) == (kind, field_type, options)
