"""The full profile language against a portal: tiers that hold still, locks, canonical values, windows, own matches."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl
import pytest

from icp_sync.profile import templates
from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command
from tests.marks import with_slow

SMALL = (PROFILES / "small.yaml").read_text()
COUNTRY = next(line for line in SMALL.splitlines() if "id: country" in line).strip().removeprefix("- ")


def tier(portal: SandboxPortal, name: str) -> str | None:
    """The tier on a company's record."""
    frame = portal.companies_frame("name", "hs_ideal_customer_profile").filter(pl.col("name") == name)
    written_tier: str | None = frame["hs_ideal_customer_profile"].item()
    return written_tier


def named(portal: SandboxPortal, name: str) -> int:
    """The id of the company of that name."""
    return int(portal.companies_frame("name").filter(pl.col("name") == name)["id"].item())


def profile(folder: Path, *changes: tuple[str, str], more: str = "") -> Path:
    """The small profile with changes."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "changed.yaml"
    path.write_text(text + more)
    return path


@pytest.mark.slow
def test_a_company_stays_until_it_falls_below_leave(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    sticky = profile(tmp_path, ("tier_1, enter: 90", "tier_1, enter: 90, leave: 60"))
    icp_sync("run", "--profile", sticky)
    portal.edit_company(named(portal, "Alpha"), {"numberofemployees": "5"})
    assert icp_sync("plan", "--profile", sticky, "--json").document["tiers"]["tier_1"] == 1
    icp_sync("run", "--profile", sticky)
    assert tier(portal, "Alpha") == "tier_1"
    portal.edit_company(named(portal, "Alpha"), {"country": "Austria"})
    icp_sync("run", "--profile", sticky)
    assert tier(portal, "Alpha") is None


@pytest.mark.slow
def test_a_full_tier_sends_the_next_best_down(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    portal.create_company({"name": "Zeta", "country": "DE", "numberofemployees": "900"})
    full = profile(tmp_path, ("tier_1, enter: 90", "tier_1, enter: 90, capacity: 1"))
    icp_sync("run", "--profile", full)
    assert (tier(portal, "Alpha"), tier(portal, "Zeta")) == ("tier_1", "tier_2")
    assert "its 1 place is taken" in portal.company(named(portal, "Zeta"))["icp_fit_reasons"]
    assert icp_sync("plan", "--profile", full, "--exit-code").code == 0


@pytest.mark.slow
def test_a_locked_company_keeps_its_tier(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    locking = profile(tmp_path, more="lock: {property: icp_fit_lock}\n")
    icp_sync("run", "--profile", locking)
    alpha = named(portal, "Alpha")
    portal.edit_company(alpha, {"icp_fit_lock": "true", "numberofemployees": "5"})
    icp_sync("run", "--profile", locking)
    record = portal.company(alpha)
    assert (record["hs_ideal_customer_profile"], record["hs_is_target_account"]) == ("tier_1", "true")
    assert "Tier set by hand; the profile says tier_2" in record["icp_fit_reasons"]
    assert portal.list_members("Small Tier 1") == [alpha]
    assert icp_sync("plan", "--profile", locking, "--exit-code").code == 0


@pytest.mark.slow
def test_what_was_understood_is_written_as_canonical_values(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    moment = "  changed_at: icp_fit_changed_at"
    understood = "  understood: {country: icp_country, region: icp_region, employees: icp_employees}"
    reading = profile(tmp_path, (moment, f"{moment}\n{understood}"))
    assert icp_sync("run", "--profile", reading).code == 0
    record = portal.company(named(portal, "Alpha"))
    assert (record["icp_country"], record["icp_region"], float(record["icp_employees"])) == ("DE", "DACH", 800)
    assert icp_sync("plan", "--profile", reading, "--exit-code").code == 0


@pytest.mark.slow
def test_a_place_is_understood_though_no_criterion_asks_for_it(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path
) -> None:
    moment = "  changed_at: icp_fit_changed_at"
    sizes_only = profile(
        tmp_path,
        (COUNTRY, "{id: named, weight: 60, property: name, match: {known: true}}"),
        (moment, f"{moment}\n  understood: {{country: icp_country}}"),
        ('{country: Deutschland, numberofemployees: "800"}', '{name: Alpha, numberofemployees: "800"}'),
    )
    assert icp_sync("run", "--profile", sizes_only).code == 0
    assert portal.company(named(portal, "Beta"))["icp_country"] == "AT"


@pytest.mark.slow
def test_lists_by_window_and_by_property(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    lists = (
        "  - {name: Fresh, kind: active, where: {tier: [tier_1], changed_within_days: 7}}\n"
        "  - {name: Prospects in DE, kind: static, where: {outcome: [tiered], property: {country: {region: DE}}}}\n"
    )
    listing = profile(tmp_path, ("tests:\n", f"{lists}tests:\n"))
    assert icp_sync("run", "--profile", listing).code == 0
    assert portal.list_members("Fresh") == [named(portal, "Alpha")]
    assert portal.list_members("Prospects in DE") == [named(portal, "Alpha"), named(portal, "Delta")]
    assert icp_sync("plan", "--profile", listing, "--exit-code").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", with_slow(templates.template_names()[:2], templates.template_names()[2:]))
def test_every_template_checks_plans_and_settles(
    icp_sync: Command, portal: SandboxPortal, tmp_path: Path, name: str
) -> None:
    path = tmp_path / f"{name}.yaml"
    assert icp_sync("init", "--template", name, path).code == 0
    assert icp_sync("check", "--profile", path).code == 0
    ran = icp_sync("run", "--profile", path, "--json")
    assert (ran.code, ran.document["applied"]["companies"]) == (0, ran.document["companies"]["scored"])
    assert icp_sync("plan", "--profile", path, "--exit-code").code == 0
    assert portal.calls.by_route["POST /crm/objects/companies/batch/update"] == (
        ran.document["companies"]["scored"] > 0
    )


def test_init_lists_the_templates(icp_sync: Command) -> None:
    listed = icp_sync("init", "--list", "--json").document["templates"]
    assert [one["name"] for one in listed] == list(templates.template_names())


def test_the_schema_is_json_schema(icp_sync: Command) -> None:
    schema = orjson.loads(icp_sync("schema").out)
    assert "$schema" in schema
    assert "criteria" in schema["properties"]


def test_the_document_is_one_page_of_plain_words(icp_sync: Command) -> None:
    page = icp_sync("doc").out
    assert page.startswith("# ")
    assert "Germany" in page
    counted = icp_sync("doc", "--portal").out
    assert len(counted) > len(page)


def test_the_portal_is_weighed_too(icp_sync: Command) -> None:
    document = icp_sync("check", "--portal", "--json").document
    assert {"too-broad", "fill-rate"} & {one["rule"] for one in document["findings"]}


def test_it_is_said_how_many_companies_of_the_portal_each_tier_would_hold(icp_sync: Command) -> None:
    (sizes,) = icp_sync("check", "--portal", "--json").document["portal"]
    planned = icp_sync("plan", "--json").document
    assert sizes["scored"] == planned["companies"]["scored"]
    assert sizes["tiers"] == {tier: planned["tiers"][tier] for tier in ("tier_1", "tier_2")}
    assert sizes["undecided"] == planned["outcomes"]["insufficient_data"]
    sentence = f"small in this portal: tier 1 {sizes['tiers']['tier_1']:,}, "
    assert sentence in icp_sync("check", "--portal").out
    assert "portal" not in icp_sync("check", "--json").document


def test_explain_says_what_only_a_run_can_tell(icp_sync: Command, tmp_path: Path) -> None:
    full = profile(tmp_path, ("tier_1, enter: 90", "tier_1, enter: 90, capacity: 1"))
    ended = icp_sync("explain", "alpha.de", "--profile", full, "--json")
    assert (ended.document["companies"][0]["tier"], len(ended.document["notes"])) == ("tier_1", 1)
    assert "capacity is left out" in icp_sync("explain", "alpha.de", "--profile", full).out


@pytest.mark.slow
def test_a_company_locked_since_the_plan_is_skipped(icp_sync: Command, portal: SandboxPortal, tmp_path: Path) -> None:
    locking = profile(tmp_path, more="lock: {property: icp_fit_lock}\n")
    icp_sync("run", "--profile", locking)
    alpha = named(portal, "Alpha")
    portal.edit_company(alpha, {"numberofemployees": "5"})
    icp_sync("plan", "--profile", locking, "--out", tmp_path / "plan.jsonl")
    portal.edit_company(alpha, {"icp_fit_lock": "true"})
    ended = icp_sync("apply", tmp_path / "plan.jsonl", "--profile", locking, "--json")
    assert (ended.code, [one["id"] for one in ended.document["skipped"]]) == (0, [str(alpha)])
    assert tier(portal, "Alpha") == "tier_1"
    assert portal.list_members("Small Tier 1") == [alpha]


@pytest.mark.slow
def test_a_derived_value_nobody_asks_for_is_no_error(icp_sync: Command, tmp_path: Path) -> None:
    profile = tmp_path / "derive.yaml"
    profile.write_text(
        (PROFILES / "small.yaml").read_text() + "derive: {unused: annualrevenue * 0.1 + days_to_close}\n"
    )
    for command in (["plan"], ["check", "--portal"], ["explain", "alpha.de"], ["run"]):
        assert icp_sync(*command, "--profile", profile).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", with_slow(["state", "zip"], ["hs_state_code", "city", "country", "hs_country_code"]))
def test_a_list_may_ask_a_property_of_the_location_for_a_place(icp_sync: Command, tmp_path: Path, name: str) -> None:
    profile = tmp_path / "place.yaml"
    asked = f"  - {{name: Midwest, kind: static, where: {{property: {{{name}: {{region: [US Midwest, DE]}}}}}}}}\n"
    profile.write_text((PROFILES / "small.yaml").read_text().replace("lists:\n", f"lists:\n{asked}"))
    for command in (["check", "--portal"], ["plan"], ["explain", "alpha.de"]):
        assert icp_sync(*command, "--profile", profile).code == 0
