"""Rules over a portal's enumerations, from the command line: options are named by value or label."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import urllib3

from icp_sync.sandbox import PortalAddress, SandboxPortal
from tests.cli.conftest import PROFILES, Command

SMALL = (PROFILES / "small.yaml").read_text()


@pytest.fixture(autouse=True)
def _segments(portal: SandboxPortal, address: PortalAddress) -> None:
    """An enumeration made through the API, whose labels tell more than its values, on two companies."""
    listed = [{"value": "seg_1", "label": "Key accounts"}, {"value": "seg_2", "label": "Mid-market"}]
    body = {
        "name": "segment", "label": "Segment", "type": "enumeration", "fieldType": "select",
        "groupName": "companyinformation", "options": listed,
    }  # fmt: skip
    made = urllib3.request(
        "POST",
        f"{address.url}/crm/v3/properties/companies",
        json=body,
        headers={"Authorization": f"Bearer {address.token}"},
    )
    assert made.status == 201
    portal.add_companies(
        pl.DataFrame({"name": ["Big", "Mid"], "domain": ["big.de", "mid.de"], "segment": ["seg_1", "seg_2"]})
    )


def profile(folder: Path, name: str) -> Path:
    """The small profile, whose second criterion asks for an option of the segment by this name."""
    path = folder / "segments.yaml"
    rule = f"property: segment, weight: 40, match: {{in: [{name}]}}"
    text = SMALL.replace("property: numberofemployees, weight: 40, match: {at_least: 100}", rule)
    path.write_text(text[: text.index("tests:")])
    return path


@pytest.mark.parametrize("name", ["Key accounts", "seg_1"])
def test_explain_finds_the_company_by_either_name(icp_sync: Command, tmp_path: Path, name: str) -> None:
    path = profile(tmp_path, name)
    given = [
        icp_sync("explain", domain, "--profile", path, "--json").document["companies"][0]["criteria"][1]["credit"]
        for domain in ("big.de", "mid.de")
    ]
    assert given == [1.0, 0.0]


def test_check_refuses_a_name_that_no_option_has_and_names_the_nearest(icp_sync: Command, tmp_path: Path) -> None:
    ended = icp_sync("check", "--portal", "--profile", profile(tmp_path, "Key account"), "--json")
    (finding,) = [one for one in ended.document["findings"] if one["rule"] == "unknown-option"]
    assert (ended.code, finding["severity"], finding["path"]) == (2, "error", "criteria[1].match.in[0]")
    assert finding["message"].endswith("did you mean seg_1 (Key accounts)?")


def test_check_is_content_with_a_label(icp_sync: Command, tmp_path: Path) -> None:
    assert icp_sync("check", "--portal", "--profile", profile(tmp_path, "Key accounts")).code == 0


def test_a_night_says_that_an_option_was_renamed(icp_sync: Command, tmp_path: Path) -> None:
    notes = icp_sync("plan", "--profile", profile(tmp_path, "Big accounts"), "--json").document["reading"]["notes"]
    (option_note,) = [note for note in notes if "option" in note]
    assert option_note.startswith("criteria[1].match.in[0]: segment has no option 'Big accounts' in this portal")
