"""A fleet file: what it says is read whole, and every mistake in it is named with its line and never with a secret."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types
from ruamel.yaml import YAML

from icp_sync.errors import FleetInvalid, SecretMissing
from icp_sync.fleet.lint import missing_secrets, repeated_tokens
from icp_sync.fleet.load import LoadedFleet, load_fleet
from icp_sync.fleet.model import fleet_schema
from icp_sync.fleet.secret_references import SecretResolver

TOKEN = "pat-eu1-canary00-1111-2222-3333-444455556666"
GOOD = """
defaults: {profiles: [profiles/icp.yaml], ledger: env:ICP_SYNC_STATE_URL, daily_calls: 40%}
portals:
  - {name: acme, token: secret:acme_hubspot, portal_id: 1234567}
  - {name: globex, token: env:GLOBEX_TOKEN, profiles: [profiles/globex.yaml], notify: env:SLACK, daily_calls: 9000}
"""


def read(text: str) -> LoadedFleet:
    return load_fleet(text, Path("fleet.yaml"))


def findings(text: str) -> list[str]:
    with pytest.raises(FleetInvalid) as invalid:
        read(text)
    return [str(finding) for finding in invalid.value.details]


def entries(*lines: str) -> str:
    return "\n".join(["defaults: {profiles: [icp.yaml]}", "portals:", *(f"  - {{{line}}}" for line in lines)])


def test_an_entry_has_what_the_defaults_say_unless_it_says_otherwise() -> None:
    acme, globex = read(GOOD).portals
    assert (acme.profiles, acme.ledger, acme.daily_calls) == (("profiles/icp.yaml",), "env:ICP_SYNC_STATE_URL", "40%")
    assert (globex.profiles, globex.ledger, globex.daily_calls) == (
        ("profiles/globex.yaml",), "env:ICP_SYNC_STATE_URL", "9000",
    )  # fmt: skip
    assert (acme.portal_id, globex.portal_id, acme.notify, globex.notify) == (1234567, None, None, "env:SLACK")


def test_null_in_an_entry_leaves_a_default_out() -> None:
    text = GOOD.replace("defaults: {", "defaults: {notify: env:TEAM, ").replace("env:SLACK", "null")
    acme, globex = read(text).portals
    assert (acme.notify, globex.notify) == ("env:TEAM", None)
    assert Draft202012Validator(fleet_schema()).is_valid(YAML(typ="safe", pure=True).load(text))


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        (["name: a, token: hunter2"], "3: portals[0].token: is no reference to a secret"),
        (["name: a, token: env:A, notify: https://hooks.slack.com/x"], "3: portals[0].notify: is no reference"),
        (["name: a, token: env:A, portl_id: 3"],
         "3: portals[0].portl_id: unknown key 'portl_id'; did you mean portal_id"),
        (["name: a"], "3: portals[0].token: token is missing; add token:"),
        (["name: A B, token: env:A"], "3: portals[0].name: is text 'A B'; write small letters"),
        (["name: a, token: env:A, portal_id: 0"], "3: portals[0].portal_id: is 0; write a number more than 0"),
        (["name: a, token: env:A, daily_calls: 400%"], "3: portals[0].daily_calls: must be a number of calls"),
        (["name: a, token: env:A, keep: ever"], "3: portals[0].keep: must be a number of days such as 400d"),
        (["name: a, token: env:A, state: ~nobody_here/a"], "3: portals[0].state: there is no home directory for its ~"),
        (["name: a, token: env:A, base_url: 'http://example.com'"], "3: portals[0].base_url: must be an https address"),
        (["name: a, token: env:A, base_url: 'https://u:p@example.com'"], "3: portals[0].base_url: must name a host"),
        (["name: a, token: env:A, snapshots: 's3://k:secret@acme'"], "3: portals[0].snapshots: holds credentials"),
        (["name: a, token: env:A, portal_id: 7", "name: b, token: env:B, portal_id: 7"],
         "4: portals[1].portal_id: portals[0] (a) is about portal 7 too"),
        (["name: a, token: env:A", "name: a, token: env:B"], "4: portals[1].name: portals[0] (a) names a portal a too"),
        (["name: a, token: env:A", "name: b, token: env:A"], "4: portals[1].token: portals[0] (a) uses env:A too"),
        (["name: a, token: env:A, state: s", "name: b, token: env:B, state: s"],
         "4: portals[1].state: portals[0] (a) keeps its state in s too"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_to_do(lines: list[str], finding: str) -> None:
    (only,) = findings(entries(*lines))
    assert only.startswith(f"fleet.yaml:{finding}")
    assert "hunter2" not in only
    assert "hooks.slack.com" not in only


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", "fleet.yaml:1: the file is empty; write portals:"),
        ("- a\n", "fleet.yaml:1: the file is no mapping"),
        ("portals: []\n", "fleet.yaml:1: portals: is an empty list; name at least one"),
        ("portals:\n  - {name: a, token: env:A}\n", "fleet.yaml:2: portals[0]: names no profile"),
        ("portals: [\n", "fleet.yaml:2: not valid YAML"),
    ],
)
def test_a_file_that_names_no_portal_or_profile_is_refused(text: str, finding: str) -> None:
    (only,) = findings(text)
    assert only.startswith(finding)


@pytest.mark.parametrize(
    "line",
    [
        f"name: a, token: {TOKEN}",
        f"name: a, token: env:A, ledger: 'postgresql://icp:{TOKEN}@db/icp'",
        f"name: '{TOKEN}', token: env:A",
        f"name: a, token: env:A, {TOKEN}: x",
        f"name: a, token: env:A, profiles: [{TOKEN}]",
        f"name: a, token: env:A, portl_id: 3, notify: [{{x: {TOKEN}}}]",
        f"name: a, token: env:A}} # {TOKEN}",
    ],
)
def test_a_token_in_the_clear_is_refused_with_its_line_and_not_repeated(line: str) -> None:
    (only,) = findings(entries(line))
    assert only.startswith("fleet.yaml:3: a token stands here in the clear; take it out, revoke it in HubSpot")
    assert "canary" not in only


def test_a_token_in_a_file_that_is_no_yaml_is_not_repeated() -> None:
    assert "canary" not in "".join(findings(f"portals: {{token: {TOKEN}\n]"))


def test_five_hundred_entries_of_which_forty_have_dead_tokens_are_linted_fast() -> None:
    began = time.process_time()
    fleet = read(entries(*(f"name: p{number}, token: env:T{number}, portal_id: {number + 1}" for number in range(500))))
    dead = list(missing_secrets(fleet.portals, SecretResolver({f"T{number}": "x" for number in range(40, 500)}, None)))
    assert time.process_time() - began < 3
    assert [number for number, _, _ in dead] == list(range(40))
    assert dead[0] == (0, "token", "env:T0 is missing; set the variable T0, which this process has not or finds empty")


def test_one_token_under_two_references_is_named_and_not_repeated() -> None:
    portals = read(entries("name: a, token: env:A", "name: b, token: env:B", "name: c, token: env:C")).portals
    (only,) = repeated_tokens(portals, SecretResolver({"A": TOKEN, "B": f" {TOKEN}"}, None))
    assert only[:2] == (1, "token")
    assert only[2].startswith("is the same token as env:A of a, so both are about one portal; save this portal's own")


def test_a_secret_is_a_variable_or_a_file_of_the_secrets_directory(tmp_path: Path) -> None:
    (tmp_path / "acme").write_text("the-key\n", encoding="utf-8")
    (tmp_path / "broken").write_bytes(b"\xff")
    vault = SecretResolver({"A": " a-key ", "EMPTY": " "}, tmp_path)
    assert (vault.resolve("env:A"), vault.resolve("secret:acme")) == ("a-key", "the-key")
    for reference, sentence in {
        "env:EMPTY": "env:EMPTY is missing; set the variable EMPTY",
        "secret:none": f"secret:none is missing; save it as the file none in {tmp_path}",
        "secret:broken": "secret:broken cannot be read; it is UTF-8 text",
    }.items():
        with pytest.raises(SecretMissing, match=sentence.replace("(", r"\(")):
            vault.resolve(reference)
    with pytest.raises(SecretMissing, match="there is no secrets directory"):
        SecretResolver({}, None).resolve("secret:acme")
    assert "a-key" not in repr(vault)


@pytest.mark.parametrize(
    "path", ["secret:../passwd", "secret:/etc/passwd", "secret:.netrc", "env:A B", "env:", "file:a"]
)
def test_a_reference_leads_nowhere_else(path: str) -> None:
    assert "is no reference to a secret" in findings(entries(f"name: a, token: '{path}'"))[0]


def test_editors_take_what_is_good_and_refuse_a_token() -> None:
    schema, yaml = fleet_schema(), YAML(typ="safe", pure=True)
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(yaml.load(GOOD))
    for bad in (f"name: a, token: {TOKEN}", "name: a, token: env:A, portl_id: 3", "name: a", "name: A, token: env:A"):
        assert not Draft202012Validator(schema).is_valid(yaml.load(entries(bad)))
