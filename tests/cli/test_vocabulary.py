"""`vocabulary` lists the names a profile may use, and tells what each covers."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text()


def test_a_kind_is_listed_one_name_a_line(icp_sync: Command, portal: SandboxPortal) -> None:
    ended = icp_sync("vocabulary", "regions")
    assert ended.code == 0
    assert {"DACH", "Nordics", "Midwest"} <= set(ended.out.splitlines())
    assert icp_sync("vocabulary", "regions", "--json").document["names"]["regions"] == ended.out.splitlines()
    assert portal.calls.total == 0


def test_without_a_kind_all_four_are_listed(icp_sync: Command) -> None:
    document = icp_sync("vocabulary", "--json").document
    assert list(document["names"]) == ["technologies", "industries", "regions", "countries"]
    assert "Germany" in icp_sync("vocabulary").out


@pytest.mark.parametrize("asked", [("technologies", "sap"), ("sap",), ("SAP",)])
def test_a_name_is_told_with_what_it_covers(icp_sync: Command, asked: tuple[str, ...]) -> None:
    (entry,) = icp_sync("vocabulary", *asked, "--json").document["entries"]
    assert (entry["kind"], entry["name"]) == ("technologies", "SAP")
    assert {"SAP Business One", "SAP S/4HANA"} <= set(entry["covers"])
    assert "  covers: " in icp_sync("vocabulary", *asked).out


def test_a_name_may_have_several_words(icp_sync: Command) -> None:
    assert icp_sync("vocabulary", "new", "england").out == icp_sync("vocabulary", "regions", "New England").out


def test_a_country_is_told_once_though_it_is_a_region_too(icp_sync: Command) -> None:
    assert [one["kind"] for one in icp_sync("vocabulary", "Germany", "--json").document["entries"]] == ["countries"]


def test_an_unknown_name_shows_the_nearest_and_ends_in_1(icp_sync: Command) -> None:
    ended = icp_sync("vocabulary", "technologies", "jirra", "--json")
    assert ended.code == 1
    assert ended.document["error"]["code"] == "name_unknown"
    assert ended.document["error"]["details"] == ["Jira (technologies)"]
    assert "the nearest are Jira (technologies)" in ended.err


def test_check_shows_what_the_names_of_the_profile_cover(icp_sync: Command, tmp_path: Path) -> None:
    path = tmp_path / "sap.yaml"
    asked = "property: hs_lead_status, match: {is: UNQUALIFIED}"
    assert asked in SMALL
    path.write_text(SMALL.replace(asked, "property: tech, match: {has_any: [sap, jira]}"))
    shown = icp_sync("check", "--profile", path).out
    assert "DACH covers AT Austria, CH Switzerland, DE Germany" in shown
    assert "sap covers Emarsys, SAP Business One" in shown
    assert "more; icp-sync vocabulary technologies sap lists them" in shown
    assert "jira covers" not in shown
    names = icp_sync("check", "--profile", path, "--json").document["names"]
    assert [(one["name"], one["path"]) for one in names] == [
        ("DACH", "criteria[0].partial[0].match.region[0]"),
        ("sap", "disqualifiers[0].match.has_any[0]"),
    ]
    assert "SAP S/4HANA" in names[1]["covers"]
