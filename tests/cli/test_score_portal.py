"""`score FILE` against what a portal would say: the same companies, written there by `run`, come out the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from icp_sync.catalogue.standard_properties import standard_properties
from icp_sync.cli import main
from icp_sync.profile.load import parse_profile
from icp_sync.sandbox import SandboxPortal, generate_companies, serve_in_thread
from tests.cli.conftest import Command
from tests.marks import with_slow

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "icp_sync" / "profile" / "templates").glob("*.yaml"))
REAL = ROOT.parent / "shared" / "data" / "companies_real_shared.parquet"
EXPORT = ROOT / "tests" / "sandbox" / "data" / "export.csv"
STANDARD = {standard.name: standard for standard in standard_properties()}
FULL_LENGTH = [(template, 2_000) for template in TEMPLATES]
Form = Callable[[pl.DataFrame], pl.DataFrame]
NUMBERS = ["icp_score", "icp_potential", "icp_coverage"]
OURS = ["icp_tier", "icp_outcome", "icp_score", "icp_potential", "icp_coverage", "icp_reasons"]


def with_labels(companies: pl.DataFrame) -> pl.DataFrame:
    """As HubSpot exports them: labels for names, and for the values of enumerations."""
    valued = companies.with_columns(
        pl.col(name).replace(STANDARD[name].options)
        for name in companies.columns
        if STANDARD[name].type == "enumeration" and STANDARD[name].field_type != "checkbox"
    )
    return valued.rename({name: STANDARD[name].label for name in valued.columns})


@pytest.mark.parametrize("form", with_slow([with_labels], [lambda companies: companies]))
@pytest.mark.parametrize("case", with_slow([(ROOT / "config" / "icp.yaml", 200)], FULL_LENGTH))
def test_every_company_comes_out_as_in_the_portal(
    score: Command, monkeypatch: pytest.MonkeyPatch, case: tuple[Path, int], form: Form
) -> None:
    """In a first run no tier is held yet, so `leave` keeps nobody; and no template has a capacity."""
    (profile, companies), portal = case, SandboxPortal()
    generate_companies(portal, companies)
    form(portal.companies_frame(*STANDARD).drop("id", "hs_createdate")).write_csv("portal.csv")
    assert score("portal.csv", "--profile", profile).code == 0
    with serve_in_thread(portal) as address:
        monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
        monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
        assert main(["run", "--profile", str(profile), "--state", "state", "--quiet"]) == 0
    write = parse_profile(profile.read_bytes(), profile.name).profile.write
    outputs = dict(zip(OURS, [getattr(write, name.removeprefix("icp_")) for name in OURS], strict=True))
    names = {name: ours for ours, name in outputs.items() if name}
    written = portal.companies_frame(*names).select(pl.when(pl.col(name) != "").then(pl.col(name)) for name in names)
    scored = pl.read_csv("portal.scored.csv", infer_schema=False).select(names.values())
    numbers = [pl.col(name).cast(pl.Float64) for name in scored.columns if name in NUMBERS]
    assert written.rename(names).with_columns(numbers).equals(scored.with_columns(numbers))
    assert scored["icp_tier"].drop_nulls().len() > 5


def test_hubspots_own_export_is_scored_by_its_labels(score: Command) -> None:
    document = score(EXPORT, "--profile", ROOT / "config" / "icp.yaml", "--out", "scored.csv", "--json").document
    assert document["rows"] == 20
    assert document["columns"]["used"]["Country/Region"] == "country"
    assert document["columns"]["used"]["Number of Employees"] == "numberofemployees"
    assert document["unrecognised"] == {}
    assert document["tiers"] == {"tier_1": 12, "tier_2": 4, "tier_3": 0}


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="the real companies lie beside the project, not in it")
@pytest.mark.parametrize("profile", TEMPLATES, ids=lambda path: path.stem)
def test_real_companies_come_back_as_they_were(score: Command, profile: Path) -> None:
    given = pl.read_parquet(REAL)
    assert score(REAL, "--profile", profile, "--out", "real.parquet").code == 0
    assert pl.read_parquet("real.parquet").drop(OURS).equals(given)
    assert score(REAL, "--profile", profile, "--out", "real.csv", "--as-of", "2026-11-20").code == 0
    again = pl.read_csv("real.csv", infer_schema=False)
    assert again.drop(OURS).equals(given.cast(pl.String))
    assert again["icp_outcome"].null_count() == 0
