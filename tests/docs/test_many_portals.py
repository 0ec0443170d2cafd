"""The guide to many portals shows what comes out, but for seconds and dates."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from icp_sync.cli import main
from icp_sync.cli.sandbox_portals import make_portals
from icp_sync.sandbox import serve_in_thread
from tests.docs.pages import ROOT, blocks

GUIDE = ROOT / "docs" / "guides" / "many-portals.md"
ADDRESS = "http://127.0.0.1:8025"
TRAITS = {
    "source": None, "mapping": (), "companies": 400, "seed": 1, "deals": 0, "contacts": 0, "signal": "planted",
    "daily": 1_000_000, "latency_ms": 0, "burst": None, "index_lag": 0.0, "searches": 5, "search_disorder": 0,
    "search_total_capped": False, "listing": "ascending", "unchanged_bumps": True,
    "first_portal_id": 26112026,
}  # fmt: skip
"""The options of `icp-sync sandbox` that the guide names, and the defaults of the others."""


def masked(text: str) -> list[str]:
    """The lines without what another run changes: seconds, dates, and how wide columns are for them."""
    lines = (" ".join(re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE", line).split()) for line in text.splitlines())
    return [
        re.sub(r"^((?:acme|globex|initech)(?: [\d,]+)+) [\d,]+( \d+)\b(?! DATE)", r"\1 S\2", line) for line in lines
    ]


def typed(line: str) -> str:
    """The line, and what it leaves on the screen."""
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        code = main(shlex.split(line)[1:])
    shown = screen.buffer.getvalue().decode()
    return f"$ {line}\n{shown}" + (f"(exit {code})\n" if code else "")


@pytest.mark.slow
def test_the_guide_shows_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = (block.text for block in blocks(GUIDE) if block.language == "yaml")
    screens = [block.text for block in blocks(GUIDE) if block.language == "text"]
    assert len(screens) == 3
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "state"))
    Path("config").mkdir()
    Path("config/icp.yaml").write_bytes((ROOT / "config" / "icp.yaml").read_bytes())
    portals = [portal for portal, _ in make_portals(3, TRAITS)]
    with serve_in_thread(*portals) as address:
        Path("fleet.yaml").write_text(file.replace(ADDRESS, address.url), encoding="utf-8")
        for number, portal in enumerate(portals, 1):
            monkeypatch.setenv(f"PORTAL_{number}_TOKEN", portal.token)
        for screen in screens:
            assert masked(typed(screen.splitlines()[0].removeprefix("$ "))) == masked(screen)
        _mend(monkeypatch, portals[2].token)
        # The other one asks a Ray cluster; tests/ray/ has the fleet on one.
        commands, on_ray = (block.text.splitlines() for block in blocks(GUIDE) if block.language == "sh")
        assert all("--engine ray" in line for line in on_ray)
        for line in (*commands, "icp-sync fleet run --quiet"):
            assert typed(line.partition("#")[0]).count("(exit ") == 0
        assert "3 of 3 portals ended well" in typed("icp-sync fleet status")


def _mend(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """What the guide says below the finding of `check`."""
    assert "`mkdir -m 700 secrets`, the key into `secrets/initech_hubspot`" in GUIDE.read_text(encoding="utf-8")
    Path("secrets").mkdir(mode=0o700)
    Path("secrets/initech_hubspot").write_text(token, encoding="utf-8")
    monkeypatch.setenv("ICP_SYNC_SECRETS_DIR", str(Path("secrets").absolute()))
