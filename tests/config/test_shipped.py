"""The files a user starts from."""

import json
import re
from pathlib import Path

import pytest

from icp_sync.profile import templates
from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.settings import Settings

CONFIG = Path(__file__).parents[2] / "config"
SETTINGS = [
    "HUBSPOT_ACCESS_TOKEN", "HUBSPOT_BASE_URL", "HUBSPOT_API_VERSION", "ICP_SYNC_PROFILE",
    "ICP_SYNC_STATE", "ICP_SYNC_PORTAL_ID", "ICP_SYNC_DAILY_CALLS",
]  # fmt: skip


def test_the_working_profile_is_the_packaged_template_byte_for_byte() -> None:
    assert (CONFIG / "icp.yaml").read_bytes() == templates.template_text("s0-icp").encode()


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_listed_under_its_explanation(name: str) -> None:
    lines = (CONFIG / ".env.example").read_text().splitlines()
    (place,) = [n for n, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{name}=")]
    assert lines[place - 1].startswith("# ")


def test_no_setting_is_listed_that_nothing_reads_from_there() -> None:
    listed = re.findall(r"^#? ?([A-Z][A-Z_]+)=", (CONFIG / ".env.example").read_text(), re.MULTILINE)
    assert {name.lower() for name in listed} <= Settings.model_fields.keys()


def test_no_token_is_shipped() -> None:
    assert "\nHUBSPOT_ACCESS_TOKEN=\n" in (CONFIG / ".env.example").read_text()


def test_the_schema_beside_the_working_profile_is_the_packages() -> None:
    assert json.loads((CONFIG / "icp.schema.json").read_text(encoding="utf-8")) == json_schema()
