"""Where the bad nights of the guide take place: a portal, a profile, and somebody who types commands and reads on."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

import polars as pl

from icp_sync.cli import main
from icp_sync.portal.client.clock import MonotonicClock
from icp_sync.sandbox import PortalAddress, SandboxPortal, serve_in_thread
from tests.docs.nights.steady import steady
from tests.notify.server import Inbox, inbox

HERE: Final = Path(__file__).parent
TIER: Final = "hs_ideal_customer_profile"
DAY: Final = 86_400
FIRST_NIGHT: Final = dt.datetime(2026, 11, 2, 2, tzinfo=dt.UTC)
_TRADES: Final = ("Maschinenbau", "Antriebe", "Pumpen", "Werkzeuge", "Getriebe", "Anlagenbau", "Ventile", "Robotik")
_FAMILIES: Final = ("Adler", "Brandt", "Conrad", "Dietz", "Engel", "Fuchs", "Gruber", "Haas", "Immel", "Jung")
# How many companies, in which country, how large, of which industry; the profile's score of each.
_POPULATION: Final = (
    (40, "Germany", "800", "MACHINERY"),  # 100, tier_1
    (18, "Germany", "900", "RETAIL"),  # 75, tier_2
    (102, "Germany", "120", "MACHINERY"),  # 65, tier_2
    (240, "United States", "700", "MACHINERY"),  # not_icp
)  # fmt: skip


@dataclass
class Office:
    """`transcript`: what was typed since it was last taken, and what was said to it.

    `given_back`: companies of which a person gave their tier back, so that ours may stand over theirs. `prompt`: where
    commands are typed.
    """

    portal: SandboxPortal
    address: PortalAddress
    folder: Path
    inbox: Inbox
    transcript: list[str] = field(default_factory=list)
    given_back: set[int] = field(default_factory=set)
    prompt: str = "$"

    def types(self, *words: str, shown: int = 100) -> int:
        """Type a command; returns its exit code. The transcript shows so many lines of what it says."""
        output, code = self._main(words)
        command = " ".join(f'"{word}"' if " " in word else word for word in words)
        lines = output.splitlines()
        self.transcript += [f"{self.prompt} icp-sync {command}", *lines[:shown], *["…"][: len(lines) > shown]]
        self.transcript += [f"(exit {code})"] if code else []
        return code

    def hears(self) -> None:
        """Read the messages that arrived since, as a channel shows them, into the transcript."""
        documents = [json.loads(body) for _, _, body in self.inbox.requests]
        self.inbox.requests.clear()
        for document in documents:
            self.transcript += [f"[{document['title']}]", *document["message"].splitlines()]

    def runs(self, *words: str) -> int:
        """A night nobody looks at; returns its exit code."""
        return self._main(("run", "--quiet", *words))[1]

    def document(self, *words: str) -> dict[str, Any]:
        """What a command says to machines."""
        document: dict[str, Any] = json.loads(self._main((*words, "--json"))[0])
        return document

    def sleeps(self, days: float = 1) -> None:
        """So many days go by."""
        self.portal.ahead += days * DAY

    def taken(self) -> str:
        """The transcript so far, without what differs each time; the next one begins."""
        text, self.transcript = "\n".join(self.transcript), []
        return steady(text, self.folder)

    def edits_profile(self, was: str, now: str) -> None:
        """Edit one passage of the profile."""
        file = self.folder / "icp.yaml"
        text = file.read_text(encoding="utf-8")
        assert was in text
        file.write_text(text.replace(was, now), encoding="utf-8")

    def tiers(self) -> dict[int, str | None]:
        """Company → the tier on its record."""
        frame = self.portal.companies_frame(TIER)
        return dict(zip(frame["id"], frame[TIER], strict=True))

    def overwritten(self) -> set[int]:
        """The companies of which, by the portal's own history, we wrote a tier over an entry that names a user."""
        ours, visible = str(self.portal.app_id(self.address.token)), set()
        for company in self.tiers():
            entries = self.history(company)
            if any(new.get("sourceId") == ours and "updatedByUserId" in old for new, old in pairwise(entries)):
                visible.add(company)
        return visible

    def history(self, company: int) -> list[dict[str, Any]]:
        """The versions of a company's tier, newest first, as HubSpot's API tells them."""
        row = self.portal.records.row(company)
        assert row is not None
        return [version.as_json() for version in self.portal.records.property_versions(row, TIER)]

    def _main(self, words: tuple[str, ...]) -> tuple[str, int]:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), self._clocks():
            code = main(list(words))
        lines = []
        for stream in (out, err):
            stream.flush()
            lines.append(stream.buffer.getvalue().decode())
        # On a terminal the stages are a bar that goes away.
        return lines[0] + "".join(line for line in lines[1].splitlines(keepends=True) if not line.startswith("{")), code

    @contextlib.contextmanager
    def _clocks(self) -> Iterator[None]:
        """The machine's clock agrees with the portal's, and nobody waits for the pace of calls."""
        clock = self.portal.clock

        class Machine(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
                return dt.datetime.fromtimestamp(clock(), tz)

        machine = SimpleNamespace(**{**vars(dt), "datetime": Machine})
        with (
            patch("icp_sync.cli.overrides.dt", machine),
            patch("icp_sync.cli.release.dt", machine),
            patch("icp_sync.portal.client.connection.MonotonicClock", _Impatient),
        ):
            yield


class _Impatient(MonotonicClock):
    def wait(self, seconds: float) -> None:  # noqa: ARG002
        super().wait(0)


@contextlib.contextmanager
def office(**settings: str) -> Iterator[Office]:
    """The morning after a first run over 400 companies: 40 in tier 1, 120 in tier 2, 240 outside of the market.

    `settings`: more of the environment. At the end nothing of ours may stand over what people wrote.
    """
    began = time.time()
    start = FIRST_NIGHT.timestamp()
    portal = SandboxPortal(searches=1_000, burst=10_000, clock=lambda: start + time.time() - began)
    portal.add_companies(_companies())
    with TemporaryDirectory() as name, serve_in_thread(portal) as address, inbox() as channel:
        folder = Path(name)
        (folder / "icp.yaml").write_bytes((HERE / "icp.yaml").read_bytes())
        with _environment(folder, address, channel), patch.dict(os.environ, settings):
            scene = Office(portal, address, folder, channel)
            assert scene.runs() == 0
            scene.sleeps()
            yield scene
            assert scene.overwritten() == scene.given_back


def _companies() -> pl.DataFrame:
    rows = [row for count, *row in _POPULATION for _ in range(count)]
    names = [_name(number) for number in range(len(rows))]
    frame = pl.DataFrame(rows, schema=["country", "numberofemployees", "industry"], orient="row")
    return frame.with_columns(pl.Series("name", names))


def _name(number: int) -> str:
    trade, family = number // len(_FAMILIES), number % len(_FAMILIES)
    branch = trade // len(_TRADES)
    return f"{_FAMILIES[family]} {_TRADES[trade % len(_TRADES)]}{f' {branch + 1}' if branch else ''}"


@contextlib.contextmanager
def _environment(folder: Path, address: PortalAddress, channel: Inbox) -> Iterator[None]:
    settings: Mapping[str, str] = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "COLUMNS": "118",
        "HUBSPOT_BASE_URL": address.url,
        "HUBSPOT_ACCESS_TOKEN": address.token,
        "ICP_SYNC_STATE": str(folder / "state"),
        "ICP_SYNC_PROFILE": str(folder / "icp.yaml"),
        "ICP_SYNC_NOTIFY": f"json://{channel.address}/?retry=0",
    }
    with patch.dict(os.environ, settings, clear=True):
        yield
