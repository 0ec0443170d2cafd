"""An operator is described beside its field, and whatever is made from that says the same."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.profile.describe.match_sentences import match_sentence, operators_table
from icp_sync.profile.model.match import OPERATORS, Match


@pytest.mark.parametrize("name", OPERATORS)
def test_an_example_is_a_match_of_its_operator_and_has_a_sentence(name: str) -> None:
    match = Match.model_validate({name: YAML(typ="safe").load(OPERATORS[name].example)})

    assert match.operator == name
    assert "{" not in match_sentence(match, ("p",))


def test_the_table_has_every_operator_in_the_languages_order() -> None:
    assert [row.split(":")[0] for row in operators_table().splitlines()[2:]] == [f"| `{name}" for name in OPERATORS]


def test_the_schema_says_what_the_field_says() -> None:
    keys = json_schema()["$defs"]["Match"]["properties"]
    for name, operator in OPERATORS.items():
        assert keys[name]["description"] == f"Hit when {operator.hit}. Unknown when {operator.group.unknown}."


def test_no_word_of_another_language_means_two_operators() -> None:
    words = [word for operator in OPERATORS.values() for word in (*operator.also, *operator.also_false)]

    assert len(words) == len(set(words))
