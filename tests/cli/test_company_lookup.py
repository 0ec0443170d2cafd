"""A company is named by id, domain or name also where only what is remembered is looked at."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import Command


@pytest.mark.slow
def test_a_company_is_named_by_id_domain_or_name_wherever_runs_are_looked_at(
    after_first_run: Command, portal: SandboxPortal
) -> None:
    alpha = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].item()
    by_id = after_first_run("history", "--company", alpha, "--json").document
    for query in ("Alpha", "alpha.de", "https://www.alpha.de/about"):
        assert after_first_run("history", "--company", query, "--json").document == by_id
        shown = after_first_run("show", "last", "--company", query, "--json").document
        assert {change["id"] for change in shown["changes"]} == {str(alpha)}
    undone = after_first_run("undo", "last", "--company", "alpha", "--out", "undo.jsonl", "--json").document
    assert undone["changes"]["companies"] == 1
    released = after_first_run("release", "--company", "Alpha", "--yes")
    assert "nothing of that kind stands" in released.err
    missing = after_first_run("history", "--company", "Hydro Software")
    assert missing.code == 1
    assert "no company with domain or name Hydro Software; name it by its id" in missing.err
    assert after_first_run("history", "--company", "9" * 30).code == 2


@pytest.mark.slow
def test_a_name_that_several_companies_have_is_answered_with_their_ids(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    portal.add_companies(pl.DataFrame({"name": ["Twin", "Twin"], "country": ["DE", "DE"]}))
    assert icp_sync("run").code == 0
    ids = portal.companies_frame("name").filter(pl.col("name") == "Twin")["id"].to_list()
    ended = icp_sync("history", "--company", "twin")
    assert ended.code == 1
    assert all(f"Twin ({company_id})" in ended.err for company_id in ids)
