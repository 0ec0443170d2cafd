"""`explain` reads one company now and says how it comes out, criterion by criterion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command, company_ids


def test_by_domain_with_credit_and_points(icp_sync: Command) -> None:
    company = icp_sync("explain", "beta.at", "--json").document["companies"][0]
    assert (company["name"], company["score"], company["tier"], company["outcome"]) == (
        "Beta",
        70.0,
        "tier_2",
        "tiered",
    )
    country, employees = company["criteria"]
    assert (country["value"], country["understood"], country["credit"], country["points"]) == (
        "Österreich",
        "AT",
        0.5,
        30,
    )
    assert (employees["id"], employees["credit"], employees["weight"]) == ("employees", 1, 40)


def test_by_record_id(icp_sync: Command, portal: SandboxPortal) -> None:
    alpha = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].item()
    assert [one["id"] for one in icp_sync("explain", alpha, "--json").document["companies"]] == [str(alpha)]


def test_companies_that_share_a_domain_are_all_shown(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.create_company({"name": "Alpha too", "domain": "alpha.de"})
    names = [one["name"] for one in icp_sync("explain", "alpha.de", "--json").document["companies"]]
    assert names == ["Alpha", "Alpha too"]


def test_what_would_lift_it_is_said(icp_sync: Command) -> None:
    company = icp_sync("explain", "epsilon.de", "--json").document["companies"][0]
    assert [(lift["id"], lift["tier"]) for lift in company["lifts"]] == [("country", "tier_1")]
    assert "a full hit on Germany would make it tier 1" in icp_sync("explain", "epsilon.de").out


def test_it_makes_and_writes_nothing(icp_sync: Command, portal: SandboxPortal) -> None:
    icp_sync("explain", "alpha.de")
    assert not [route for route in portal.calls.by_route if "update" in route or route.startswith("PUT")]
    assert "POST /crm/properties/companies" not in portal.calls.by_route


def test_nobody_there_is_exit_1(icp_sync: Command) -> None:
    for wanted in ("nobody.example", "404"):
        ended = icp_sync("explain", wanted, "--json")
        assert (ended.code, ended.document["error"]["code"]) == (1, "company_not_found")


@pytest.mark.slow
def test_a_tier_that_is_full_is_told_by_the_snapshot_of_all_the_others(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = (PROFILES / "small.yaml").read_text(encoding="utf-8")
    limited = tmp_path / "limited.yaml"
    limited.write_text(small.replace("{tier: tier_1, enter: 90}", "{tier: tier_1, enter: 90, capacity: 1}"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(limited))
    portal.create_company({"name": "Alpha too", "domain": "too.de", "country": "DE", "numberofemployees": "800"})
    alone = icp_sync("explain", "too.de", "--json").document
    assert (alone["companies"][0]["tier"], alone["notes"][0].startswith("capacity is left out")) == ("tier_1", True)
    icp_sync("run")
    document = icp_sync("explain", "too.de", "--json").document
    assert document["companies"][0]["tier"] == "tier_2"
    assert document["notes"][0].startswith("whether tier_1 still has a place is judged by the companies as of ")
    assert icp_sync("explain", "alpha.de", "--json").document["companies"][0]["tier"] == "tier_1"


@pytest.mark.parametrize("nothing", ["", " ", "\t"])
def test_nobody_is_explained_for_nothing(icp_sync: Command, portal: SandboxPortal, nothing: str) -> None:
    ended = icp_sync("explain", nothing, "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "usage")
    assert portal.calls.total == 0


def test_it_says_why_in_a_sentence_with_points_of_points_and_the_record_s_link(
    icp_sync: Command, portal: SandboxPortal
) -> None:
    beta = portal.companies_frame("name").filter(pl.col("name") == "Beta")["id"].item()
    out = icp_sync("explain", "beta.at").out
    assert f"/record/0-2/{beta}" in out
    assert "Tier 2 (70): " in out
    assert "30 of 60 points" in out


@pytest.mark.slow
def test_by_name_whatever_the_case_and_by_words_of_it(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.create_company({"name": "Zeta [Nord] GmbH & Co.", "domain": "zeta.de"})
    for wanted in ("ALPHA", "zeta gmbh", "Zeta [Nord] GmbH & Co.", "[Nord]"):
        (explained,) = icp_sync("explain", wanted, "--json").document["companies"]
        assert explained["name"] == ("Alpha" if wanted == "ALPHA" else "Zeta [Nord] GmbH & Co.")


def test_companies_of_one_name_are_listed_with_their_ids(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.create_company({"name": "Alpha", "domain": "other.de"})
    ids = portal.companies_frame("name").filter(pl.col("name") == "Alpha")["id"].to_list()
    ended = icp_sync("explain", "alpha", "--json")
    assert (ended.code, ended.document["error"]["code"]) == (1, "several_companies")
    assert [one["id"] for one in ended.document["error"]["details"]] == [str(one) for one in ids]
    shown = icp_sync("explain", "alpha")
    assert all(str(one) in shown.out for one in ids)
    assert "name one by its id" in shown.err


def test_an_unanswered_requirement_is_told_as_the_reason(
    icp_sync: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portal: SandboxPortal
) -> None:
    strict = tmp_path / "strict.yaml"
    small = (PROFILES / "small.yaml").read_text(encoding="utf-8")
    strict.write_text(f"{small}\nrequired: [country]\n")
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(strict))
    portal.create_company({"name": "Far", "domain": "far.us", "country": "US", "numberofemployees": "800"})
    assert "Not ICP (40): Germany is required and missed." in icp_sync("explain", "far.us").out


@pytest.mark.parametrize("wanted", ["alpha.de", "https://www.ALPHA.de/about", "Beta", "epsilon.de"])
def test_offline_it_explains_the_last_reading_as_the_portal_would_be(
    after_first_run: Command, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    live = after_first_run("explain", wanted, "--json").document
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    portal.calls.reset()
    company = next(one for one in company_ids(portal))
    by_id = after_first_run("explain", company, "--offline")
    offline = after_first_run("explain", wanted, "--offline", "--json").document

    # The tier that the run has written stands on the record now, and in the reading only once it is read again.
    assert [*map(without_live_tier, offline["companies"])] == [*map(without_live_tier, live["companies"])]
    assert offline["notes"][0].startswith("as of the reading of ")
    assert "and not asked of HubSpot now" in by_id.out
    assert portal.calls.total == 0


def without_live_tier(company: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in company.items() if name != "live_tier"}


def test_offline_nobody_of_that_name_and_several_of_it_are_said(
    after_first_run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    nobody = after_first_run("explain", "nobody.example", "--offline")
    assert nobody.code == 1
    assert "without --offline the portal is asked" in nobody.err


def test_offline_before_any_reading_says_what_to_run(icp_sync: Command) -> None:
    assert "run icp-sync plan first" in icp_sync("explain", "alpha.de", "--offline").err
