"""The guide to new accounts shows what comes out, typed where a run has read the portal it names."""

from __future__ import annotations

import pytest

from icp_sync.object_store.address import parse_address
from icp_sync.object_store.opening import open_folder
from icp_sync.sandbox import SandboxPortal, generate_companies
from tests.cli.conftest import Command
from tests.docs.pages import ROOT
from tests.docs.transcripts import put_files, retyped
from tests.object_store.s3 import S3

GUIDE = ROOT / "docs" / "guides" / "find-new-accounts.md"
COMPANIES = 2_000


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    return portal


@pytest.mark.slow
def test_the_guide_shows_what_comes_out(icp_sync: Command, bucket: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bucket.url
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    assert icp_sync("plan", "--quiet").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    text, objects = GUIDE.read_text(encoding="utf-8"), open_folder(parse_address("s3://acme"))
    put_files(text, objects)
    assert retyped(GUIDE) == text
    assert [entry.name for entry in objects.entries() if entry.name.startswith("best/")] == [
        "best/_SUCCESS.json", "best/part-00000.parquet"
    ]  # fmt: skip
