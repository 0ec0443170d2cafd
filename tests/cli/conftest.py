"""A portal in a box, and the command line pointed at it: real HTTP, the official client, no mocks."""

from __future__ import annotations

import datetime as dt
import functools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl
import pytest

from icp_sync.cli import main
from icp_sync.portal.client.clock import MonotonicClock
from icp_sync.profile import templates
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.sandbox import PortalAddress, SandboxPortal, serve_in_thread
from icp_sync.scoring.profile_tests import CaseResult, run_profile_tests
from tests.cli.twins import Twins

DAY = 86_400
PROFILES = Path(__file__).parents[1] / "profiles"
COMPANIES = {
    "name": ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"],
    "domain": ["alpha.de", "beta.at", "gamma.us", "delta.de", "epsilon.de"],
    "country": ["Deutschland", "Österreich", "USA", "Germany", ""],
    "numberofemployees": ["800", "250", "5000", "", "120"],
    "type": ["PROSPECT", "PROSPECT", "PROSPECT", "PROSPECT", "PROSPECT"],
}
"""Under small.yaml: tier_1, tier_2 (partly), not_icp, tier_2 (employees unknown), insufficient_data."""
LOAD_ONCE = functools.cache(parse_profile)
_RESULTS: dict[tuple[int, dt.date], tuple[Profile, tuple[CaseResult, ...]]] = {}
"""What came of a profile's tests, beside the profile itself, so that no other gets its id."""


def results_of(profile: Profile, day: dt.date) -> tuple[CaseResult, ...]:
    """What came of the profile's tests, run once for each day."""
    key = id(profile), day
    if key not in _RESULTS:
        _RESULTS[key] = profile, run_profile_tests(profile, day)
    return _RESULTS[key][1]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        document: dict[str, Any] = json.loads(self.out)
        return document


Command = Callable[..., Ended]


class JumpingClock(MonotonicClock):
    """Where a run would wait for its next call or try, this clock jumps ahead, and the sandbox's with it."""

    ahead = 0.0
    lock = Lock()

    @classmethod
    def of_sandbox(cls) -> float:
        return time.time() + cls.ahead

    def now(self) -> float:
        return super().now() + self.ahead

    def wait(self, seconds: float) -> None:
        with self.lock:
            JumpingClock.ahead += max(0.0, seconds)
        super().wait(0)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run within the test's own process is spared its waits; one in a process of its own has them."""
    monkeypatch.setattr(JumpingClock, "ahead", 0.0)
    monkeypatch.setattr("icp_sync.portal.client.connection.MonotonicClock", JumpingClock)
    traits = {**(SandboxPortal.__init__.__kwdefaults__ or {}), "clock": JumpingClock.of_sandbox}
    monkeypatch.setattr(SandboxPortal.__init__, "__kwdefaults__", traits)


@pytest.fixture(autouse=True)
def profiles_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that hundreds of commands name is parsed by the first of them."""
    monkeypatch.setattr("icp_sync.cli.profile_loading.parse_profile", LOAD_ONCE)


@pytest.fixture(autouse=True)
def profiles_are_tested_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests in a profile, a tenth of what a command costs, run with the first command of that profile and day."""
    monkeypatch.setattr("icp_sync.cli.wiring.run_profile_tests", results_of)


@pytest.fixture
def portal() -> SandboxPortal:
    """A portal with five companies."""
    portal = SandboxPortal()
    portal.add_companies(pl.DataFrame(COMPANIES))
    return portal


def crowd(count: int) -> SandboxPortal:
    """A portal with so many companies, enough for several batches."""
    portal = SandboxPortal()
    portal.add_companies(pl.DataFrame({"name": [f"Firm {n}" for n in range(count)], "country": ["DE"] * count}))
    return portal


@pytest.fixture
def address(portal: SandboxPortal) -> Iterator[PortalAddress]:
    """The portal, served on loopback."""
    with serve_in_thread(portal) as address:
        yield address


@pytest.fixture
def icp_sync(
    address: PortalAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """`icp-sync` with the small profile, a state directory of its own, and the portal's address in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUBSPOT_BASE_URL", address.url)
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", address.token)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(PROFILES / "small.yaml"))
    monkeypatch.setenv("ICP_SYNC_STATE", str(tmp_path / "state"))

    def command(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """What first runs left, kept for the tests that begin after one."""
    return Twins(tmp_path_factory.mktemp("twins"))


@pytest.fixture
def after_first_run(icp_sync: Command, portal: SandboxPortal, twins: Twins, tmp_path: Path) -> Command:
    """The small profile has run once and written everybody."""

    def run() -> None:
        assert icp_sync("run").code == 0

    twins.begin("run", portal, tmp_path / "state", run)
    return icp_sync


@pytest.fixture
def saas_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SaaS template as the profile of every command: with places, hysteresis and a list."""
    file = tmp_path / "icp.yaml"
    file.write_text(templates.template_text("s2-saas"))
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(file))
    return file


@pytest.fixture
def written(after_first_run: Command, portal: SandboxPortal) -> Command:
    """The morning after the first run, which wrote everybody."""
    portal.ahead += DAY
    portal.calls.reset()
    return after_first_run


@pytest.fixture
def score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`icp-sync score` with the small profile, in an empty folder; without token, portal or state."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ICP_SYNC_PROFILE", str(PROFILES / "small.yaml"))

    def command(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main(["score", *map(str, arguments)])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return command


def company_ids(portal: SandboxPortal) -> list[int]:
    """The ids of all companies, ascending."""
    return sorted(map(int, portal.filled_values()))


def germans(count: int) -> SandboxPortal:
    """A portal of so many German companies of 100 employees and more, all in tier 1 of the small profile."""
    portal = SandboxPortal(searches=1_000)
    frame = {
        "name": [f"C{row}" for row in range(count)],
        "country": ["Deutschland"] * count,
        "numberofemployees": [str(100 + row) for row in range(count)],
    }
    portal.add_companies(pl.DataFrame(frame))
    return portal
