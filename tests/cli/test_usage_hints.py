"""An argument that is missing, or one too many: the error says how the thing that was meant is written."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command

HINTS = {
    ("check", "icp.yaml"): "a profile is named by an option: --profile icp.yaml",
    ("plan", "my profiles/icp.yml"): "a profile is named by an option: --profile 'my profiles/icp.yml'",
    ("report", "icp.yaml"): "a profile is named by an option: --profile icp.yaml",
    ("show", "icp.yaml"): "a profile is named by an option: --profile icp.yaml",
    ("explain", "icp.yaml"): "a profile is named by an option: --profile icp.yaml",
    ("explain", "Example", "GmbH"): "a name of several words stands in quotes",
    ("history", "4711"): "write --company 4711",
    ("shopping-list", "city"): "write --property city",
    ("fleet", "plan", "acme"): "write --only acme",
    ("doctor", "x"): "for example: icp-sync doctor",
    ("apply",): "Missing argument 'FILE'. For example: icp-sync apply plan.jsonl",
    ("undo",): "For example: icp-sync undo last",
    ("init", "s2-saas"): "s2-saas is a template, not a file to write; name it by --template s2-saas",
}


@pytest.mark.parametrize("arguments", HINTS)
def test_a_usage_error_says_what_to_write(icp_sync: Command, arguments: tuple[str, ...]) -> None:
    ended = icp_sync(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert HINTS[arguments] in " ".join(ended.err.split())


def test_a_choice_that_is_missing_still_lists_what_there_is(icp_sync: Command) -> None:
    ended = icp_sync("fleet")

    assert "Choose from: plan, run, doctor" in " ".join(ended.err.split())
    assert "For example" not in ended.err


def test_the_hint_is_in_the_document_too(icp_sync: Command) -> None:
    assert "--profile icp.yaml" in icp_sync("check", "icp.yaml", "--json").document["error"]["message"]
