"""Several profiles in one run: one pull, no clash, and each company's best profile."""

from __future__ import annotations

import shlex
from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command
from tests.cli.test_plan import hold

SMALL = (PROFILES / "small.yaml").read_text()
OUTPUTS = ("score", "potential", "coverage", "outcome", "reasons", "profile", "changed_at")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two profiles that leave each other alone: a strict one, and one for small companies anywhere."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    best = SMALL.replace(
        "  changed_at: icp_fit_changed_at", "  changed_at: icp_fit_changed_at\n  best_profile: icp_best"
    )
    (folder / "a.yaml").write_text(best)
    (folder / "b.yaml").write_text(other())
    return folder


def other() -> str:
    """The second profile: the mirror of the first, with names of its own."""
    text = SMALL.replace("name: small", "name: mirror").replace("Small ", "Mirror ")
    text = text.replace("hs_ideal_customer_profile", "icp_mirror_tier")
    text = text.replace("  target_account: {property: hs_is_target_account, tiers: [tier_1]}\n", "")
    for output in OUTPUTS:
        text = text.replace(f"icp_fit_{output}", f"icp_mirror_{output}")
    text = text.replace("match: {region: DE}", "match: {region: US}").replace("region: DACH", "region: LATAM")
    return text[: text.index("tests:")]


@pytest.mark.slow
def test_the_portal_is_read_once_for_both(icp_sync: Command, portal: SandboxPortal, folder: Path) -> None:
    ended = icp_sync("run", "--profile", folder, "--json")
    assert ended.code == 0
    assert portal.calls.by_route["GET /crm/objects/companies"] == 1
    assert [one["profile"]["name"] for one in ended.document["profiles"]] == ["small", "mirror"]
    assert icp_sync("plan", "--profile", folder, "--exit-code").code == 0


@pytest.mark.slow
def test_the_best_profile_is_the_higher_tier(icp_sync: Command, portal: SandboxPortal, folder: Path) -> None:
    icp_sync("run", "--profile", folder)
    best = dict(portal.companies_frame("name", "icp_best").fill_null("").select("name", "icp_best").iter_rows())
    assert best == {"Alpha": "small", "Beta": "small", "Gamma": "mirror", "Delta": "small", "Epsilon": ""}


@pytest.mark.slow
def test_alone_a_profile_leaves_the_best_profile_as_it_is(
    icp_sync: Command, portal: SandboxPortal, folder: Path
) -> None:
    icp_sync("run", "--profile", folder)
    assert icp_sync("plan", "--profile", folder / "a.yaml", "--exit-code").code == 0
    assert portal.companies_frame("icp_best")["icp_best"].drop_nulls().len() > 0


@pytest.mark.parametrize("command", ["run", "plan", "check"])
def test_two_profiles_that_write_one_property_are_refused(
    icp_sync: Command, portal: SandboxPortal, folder: Path, command: str
) -> None:
    text = other().replace("icp_mirror_score", "icp_fit_score").replace("icp_mirror_tier", "hs_is_target_account")
    (folder / "b.yaml").write_text(text)
    ended = icp_sync(command, "--profile", folder, "--json")
    assert ended.code == 2
    assert ended.document["error"]["details"] == [
        (
            f"{place(folder, 'b.yaml', '  tier:')}: write.tier: the profile small writes hs_is_target_account too "
            f"({place(folder, 'a.yaml', '  target_account:')}); let each write properties of its own"
        ),
        (
            f"{place(folder, 'b.yaml', '  score:')}: write.score: the profile small writes icp_fit_score too "
            f"({place(folder, 'a.yaml', '  score:')}); let each write properties of its own"
        ),
    ]
    assert portal.calls.total == 0


def test_two_profiles_that_keep_one_list_are_refused(icp_sync: Command, folder: Path) -> None:
    (folder / "b.yaml").write_text(other().replace("Mirror Tier 1", "Small Tier 1"))
    ended = icp_sync("check", "--profile", folder)
    assert ended.code == 2
    shown = " ".join(ended.out.split())
    assert (
        f"{place(folder, 'b.yaml', '  - {name: Small Tier 1')}: lists[0].name: the profile small keeps the list Small "
        f"Tier 1 too ({place(folder, 'a.yaml', '  - {name: Small Tier 1')}); let each keep lists of its own"
    ) in shown


def test_two_profiles_of_one_name_are_refused(icp_sync: Command, folder: Path) -> None:
    (folder / "b.yaml").write_text(other().replace("name: mirror", "name: small"))
    document = icp_sync("check", "--profile", folder, "--json").document
    ((line, path, message),) = [(one["line"], one["path"], one["message"]) for one in document["findings"]]
    assert (line, path) == (3, "profile.name")
    assert message == f"{folder / 'a.yaml'}:3 is called small too; give each profile a name of its own"


def place(folder: Path, file: str, begins: str) -> str:
    """The file and the line that begins so, as messages name them."""
    lines = (folder / file).read_text().splitlines()
    (line,) = [n for n, text in enumerate(lines, 1) if text.startswith(begins)]
    return f"{folder / file}:{line}"


def test_a_saved_plan_is_of_one_profile(icp_sync: Command, folder: Path, tmp_path: Path) -> None:
    assert icp_sync("plan", "--profile", folder, "--out", tmp_path / "plan.jsonl").code == 2


def test_one_company_is_one_row_in_each(icp_sync: Command, portal: SandboxPortal, folder: Path) -> None:
    icp_sync("run", "--profile", folder)
    row = portal.companies_frame("name", "hs_ideal_customer_profile", "icp_mirror_tier").filter(
        pl.col("name") == "Gamma"
    )
    assert row.select("hs_ideal_customer_profile", "icp_mirror_tier").row(0) == (None, "tier_1")


@pytest.mark.slow
def test_profiles_named_by_a_variable_are_each_named_in_the_next_command(
    icp_sync: Command, portal: SandboxPortal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands that go on from a held plan look at one profile at a time."""
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(folder))
    hold(icp_sync, portal)
    ended = icp_sync("run", "--json")
    assert ended.code == 4
    error = ended.document["profiles"][0]["error"]
    words = shlex.split(error["message"].rpartition(", then: ")[2].replace("…", "agreed"))
    assert words[-4:-2] == ["--profile", str(folder / "a.yaml")]
    assert icp_sync(*words[1:]).code == 0
