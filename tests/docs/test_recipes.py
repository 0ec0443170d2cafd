"""Every recipe of the cookbook is kept as it says, on the demo's portal."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest
from ruamel.yaml import YAML

from icp_sync.cli import main
from icp_sync.sandbox import SandboxPortal, generate_companies, serve_in_thread
from tests.docs.pages import ROOT

COOKBOOK = ROOT / "docs" / "guides" / "target-lists.md"
RECIPE = re.compile(r"^```yaml\n(.*?)^```\n\nIn the demo portal: ([^\n]+)$", re.MULTILINE | re.DOTALL)
RECIPES = RECIPE.findall(COOKBOOK.read_text(encoding="utf-8"))


def profile() -> str:
    """The shipped profile with the recipes in place of its lists."""
    shipped = (ROOT / "config" / "icp.yaml").read_text(encoding="utf-8")
    recipes = "".join(indent(recipe, "  ") for recipe, _ in RECIPES)
    return re.sub(r"^lists:\n(  .*\n)+", lambda _: f"lists:\n{recipes}", shipped, flags=re.MULTILINE)


def test_there_are_twelve() -> None:
    headings = re.findall(r"^## (\d+)\. ", COOKBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [str(n) for n in range(1, len(RECIPES) + 1)]
    assert len(RECIPES) == 12


@pytest.mark.slow
def test_each_finds_as_many_companies_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = SandboxPortal()
    generate_companies(portal, 2_000)
    (tmp_path / "icp.yaml").write_text(profile(), encoding="utf-8")
    with serve_in_thread(portal) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
        words = ["run", "--quiet", "--profile", str(tmp_path / "icp.yaml"), "--state", str(tmp_path / "state")]
        assert main(words) == 0
    lists = [YAML(typ="safe", pure=True).load(recipe)[0]["name"] for recipe, _ in RECIPES]
    assert {name: str(len(portal.list_members(name))) for name in lists} == dict(
        zip(lists, (said for _, said in RECIPES), strict=True)
    )
