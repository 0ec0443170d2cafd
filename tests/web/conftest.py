"""A what-if page, served on loopback over the reading of a small portal, and a browser that sends what it is told."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest

from icp_sync.cli import main
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.runs.snapshot_scoring import OfflineSource, open_offline
from icp_sync.runs.whatif_tier_wins import TierWins
from icp_sync.sandbox import SandboxPortal, generate_companies, serve_in_thread
from icp_sync.state.home import StateHome
from icp_sync.web.server import WhatIfServer, open_loopback_socket
from icp_sync.web.whatif_session import WhatIfSession, WinsByTier
from tests.cli.conftest import COMPANIES, PROFILES

CANARY = "pat-eu1-canary-0000-4000-8000-neverread"
HOSTILE = {
    "name": ["<script>alert(1)</script>", "\u202eevil", "x" * 10_000],
    "domain": ["javascript:alert(1)", "a.de\r\nSet-Cookie: a=b", ""],
    "country": ["Germany", "Germany", "Austria"],
    "numberofemployees": ["50", "700", "90"],
    "type": ["PROSPECT", "PROSPECT", "PROSPECT"],
}


@dataclass(slots=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.text)
        return document


@dataclass(slots=True)
class Browser:
    """Sends requests to the page; it is let in by `enter`."""

    server: WhatIfServer
    cookie: str = ""

    @property
    def authority(self) -> str:
        return self.server.guard.authority

    def enter(self, query: str = "") -> Reply:
        reply = self.ask("GET", self.server.guard.address.partition(self.authority)[2] + query)
        self.cookie = reply.headers.get("set-cookie", "").partition(";")[0]
        return reply

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        sent = {"host": self.authority, **({"cookie": self.cookie} if self.cookie else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and "transfer-encoding" not in sent:
            sent.setdefault("content-length", str(len(body)))
        host, _, port = self.authority.partition(":")
        connection = HTTPConnection(host, int(port), timeout=30)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        finally:
            connection.close()

    def send_chunked(self, path: str, chunks: bytes) -> Reply:
        """A POST whose length nobody knows before its end."""
        return self.ask("POST", path, chunks, transfer_encoding="chunked")

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Reply:
        headers.setdefault("origin", f"http://{self.authority}")
        form = {"content_type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields or {}).encode(), **form, **headers)

    def answer(self, query: str = "") -> dict[str, Any]:
        """The JSON answer to a what-if."""
        return self.get(f"/answer?{query}", accept="application/json").document


def profile_and_state(folder: Path, profile: str, companies: int | pl.DataFrame, command: str = "run") -> Path:
    """The folder with the profile, and the state after a command on these companies, generated where it is a number."""
    (folder / "icp.yaml").write_text(profile, encoding="utf-8")
    portal = SandboxPortal(searches=1_000)
    if isinstance(companies, int):
        generate_companies(portal, companies)
    else:
        portal.add_companies(companies)
    with serve_in_thread(portal) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBSPOT_BASE_URL", address.url)
        patch.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
        assert main([command, "--profile", str(folder / "icp.yaml"), "--state", str(folder / "state"), "--quiet"]) == 0
    return folder


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small profile, and the state after a run on eight companies."""
    companies = pl.DataFrame({name: [*COMPANIES[name], *HOSTILE[name]] for name in COMPANIES})
    return profile_and_state(tmp_path_factory.mktemp("reading"), (PROFILES / "small.yaml").read_text(), companies)


@pytest.fixture
def folder(reading: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it of the test's own; the environment holds a token that must show up nowhere."""
    shutil.copytree(reading, tmp_path / "tune")
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", CANARY)
    monkeypatch.setenv("HUBSPOT_BASE_URL", "http://127.0.0.1:1")
    return tmp_path / "tune"


@pytest.fixture
def profile(folder: Path) -> Path:
    return folder / "icp.yaml"


def open_workbench(folder: Path, out: Path | None = None) -> WhatIfSession:
    """The workbench of the folder's profile and state, with the deals it knows."""
    name = parse_profile((folder / "icp.yaml").read_bytes(), "icp.yaml").profile.name
    home = StateHome(folder / "state")
    (portal_id,) = home.portals(name)
    store = home.open(portal_id, name)

    def opened(loaded: LoadedProfile) -> OfflineSource:
        return open_offline(store, loaded, command="tune")

    def known_wins(offline: OfflineSource) -> WinsByTier | None:
        wins = TierWins.from_state(offline)
        return wins.count_by_tier if wins else None

    return WhatIfSession(folder / "icp.yaml", out, opened, known_wins)


class Serving:
    """Serves workbenches in threads until `end`."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self._running: list[tuple[WhatIfServer, threading.Thread]] = []

    def serve(self, workbench: WhatIfSession, idle_s: float = 3_600) -> Browser:
        opened, ready = threading.Event(), threading.Event()
        servers: list[WhatIfServer] = []

        def run() -> None:
            with open_loopback_socket(0) as listener:
                servers.append(WhatIfServer(listener, workbench, self.faults, idle_s))
                opened.set()
                servers[0].serve_until_closed(lambda _: ready.set())

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert ready.wait(30)
        self._running.append((servers[0], thread))
        return Browser(servers[0])

    def faults(self, failure: Exception) -> str:
        self.failures.append(failure)
        return "a fault of our own"

    def wait(self, browser: Browser) -> bool:
        """Whether the page's server ends by itself."""
        thread = next(thread for server, thread in self._running if server is browser.server)
        thread.join(30)
        return not thread.is_alive()

    def end(self) -> None:
        for server, thread in self._running:
            server.stop()
            thread.join(30)


@pytest.fixture
def pages() -> Iterator[Serving]:
    running = Serving()
    yield running
    running.end()


@pytest.fixture(scope="session")
def shared(reading: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A page that no test saves anything with."""
    folder = tmp_path_factory.mktemp("shared") / "tune"
    shutil.copytree(reading, folder)
    running = Serving()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBSPOT_ACCESS_TOKEN", CANARY)
        yield running.serve(open_workbench(folder))
    running.end()


@pytest.fixture
def stranger(shared: Browser) -> Browser:
    """A browser that was not let in."""
    return Browser(shared.server)


@pytest.fixture
def browser(stranger: Browser) -> Browser:
    """A browser that opened the printed address."""
    assert stranger.enter().status == 303
    return stranger
