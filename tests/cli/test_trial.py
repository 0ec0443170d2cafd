"""The trial without a token: a company export of HubSpot in a portal in a box, planned by the shipped profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.sandbox import SandboxPortal, load_company_file
from tests.cli.conftest import Command

ROOT = Path(__file__).parents[2]


@pytest.fixture
def portal() -> SandboxPortal:
    """The portal of a file."""
    portal = SandboxPortal()
    load_company_file(portal, ROOT / "tests" / "sandbox" / "data" / "export.csv")
    return portal


def test_an_export_is_planned_as_its_portal_would_be(icp_sync: Command) -> None:
    planned = icp_sync("plan", "--json", "--profile", ROOT / "config" / "icp.yaml")
    document = planned.document
    assert (planned.code, document["companies"]["scored"], document["unrecognised"]) == (0, 20, {})
    assert (document["outcomes"]["tiered"], document["outcomes"]["disqualified"]) == (16, 1)
    assert document["changes"]["lists"]["ICP Tier 1"]["wanted"] == document["tiers"]["tier_1"] == 12
    (explained,) = icp_sync("explain", "200000000001", "--json", "--profile", ROOT / "config" / "icp.yaml").document[
        "companies"
    ]
    assert explained["name"] == "Müller Maschinenbau GmbH"
