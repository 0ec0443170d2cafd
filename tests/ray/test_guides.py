"""What the guides show of Ray comes out so, on the Ray of these tests."""

from __future__ import annotations

import pytest

from icp_sync.object_store.address import parse_address
from icp_sync.object_store.opening import open_folder
from icp_sync.sandbox import SandboxPortal, generate_companies
from tests.cli.conftest import Command, address, icp_sync
from tests.docs.pages import ROOT
from tests.docs.transcripts import put_files, retyped
from tests.object_store.s3 import S3

__all__ = ["address", "icp_sync"]
GUIDE = ROOT / "docs" / "guides" / "find-new-accounts.md"


@pytest.fixture
def portal() -> SandboxPortal:
    portal = SandboxPortal()
    generate_companies(portal, 2_000)
    return portal


def test_the_guide_shows_what_comes_out(
    icp_sync: Command, cluster: str, bucket: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bucket.url
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(ROOT / "config" / "icp.yaml"))
    assert icp_sync("plan", "--quiet").code == 0
    monkeypatch.delenv("HUBSPOT_ACCESS_TOKEN")
    monkeypatch.setenv("ICP_SYNC_ADDRESS", cluster)
    text = GUIDE.read_text(encoding="utf-8")
    put_files(text, open_folder(parse_address("s3://acme")))
    assert retyped(GUIDE, ray=True) == text
