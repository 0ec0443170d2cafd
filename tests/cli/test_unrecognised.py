"""Values nobody can read are counted, shown, and come with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import PROFILES, Command

COMPANIES = {
    "name": ["Alpha", "Beta", "Gamma", "Delta"],
    "country": ["Germny", "Germny", "US", "US"],
    "state": ["", "", "Californa", "Nowhere"],
    "description": ["many", "800", "800", "800"],
    "industry": ["", "", "", ""],
    "hs_lead_status": ["", "", "", ""],
}
SHOWN = {
    "country": ["'Germny' (Germany?)"],
    "description": ["'many'"],
    "state": ["'Californa' (California?)", "'Nowhere'"],
}


@pytest.fixture
def portal() -> SandboxPortal:
    """A portal of misspelt companies."""
    portal = SandboxPortal()
    portal.add_companies(pl.DataFrame(COMPANIES))
    return portal


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The small profile, asking for a state, and for a head count in free text."""
    path = tmp_path / "states.yaml"
    text = (PROFILES / "small.yaml").read_text().replace("numberofemployees", "description")
    path.write_text(text.replace("{region: DACH}", "{region: [DACH, US-CA]}"))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_plan_and_a_run_count_and_show_them(icp_sync: Command, profile: Path, command: str) -> None:
    document = icp_sync(command, "--profile", profile, "--json").document
    assert document["unrecognised"] == {"country": 2, "description": 1, "state": 2}
    assert document["unrecognised_examples"] == SHOWN


@pytest.mark.slow
@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_person_reads_them_too(icp_sync: Command, profile: Path, command: str) -> None:
    shown = " ".join(icp_sync(command, "--profile", profile).out.split())
    assert "2 values of country not recognised and taken as unknown, such as 'Germny' (Germany?)" in shown
    assert (
        "2 values of state not recognised and taken as unknown, such as 'Californa' (California?), 'Nowhere'; a name "
        "that several places share is known once its country is" in shown
    )


def test_a_check_against_the_portal_names_them_where_they_are_asked_for(icp_sync: Command, profile: Path) -> None:
    document = icp_sync("check", "--portal", "--profile", profile, "--json").document
    paths = {
        finding["message"].partition(";")[0]: finding["path"]
        for finding in document["findings"]
        if finding["rule"] == "not-recognised"
    }
    assert paths == {
        "2 companies have values of country that cannot be read, such as 'Germny' (Germany?)": "criteria[0].match",
        "2 companies have values of state that cannot be read, such as 'Californa' (California?), 'Nowhere'": (
            "criteria[0].match"
        ),
        "one company has a value of description that cannot be read, such as 'many'": "criteria[1].property",
    }
