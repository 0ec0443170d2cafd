"""What the last backtest of a profile said, remembered so that `check` can ask whether anybody acted on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from icp_sync.state.directory import StateDirectory


@dataclass(frozen=True, slots=True)
class BacktestVerdict:
    """A backtest's answer: the day it judged by, its code and sentence, and the digest of the profile then."""

    day: dt.date
    code: str
    sentence: str
    digest: str


_ADAPTER = TypeAdapter(BacktestVerdict)


@dataclass(frozen=True, slots=True)
class VerdictStore:
    """The last verdict on one profile by one portal's deals, in a file."""

    directory: StateDirectory
    portal_id: int
    profile: str

    def load(self) -> BacktestVerdict | None:
        """Return the verdict; None where there was none, or the file is damaged. Raises StateUnusable."""
        return _parse_verdict(self.directory.read(self._file_name))

    def save(self, verdict: BacktestVerdict) -> None:
        """Replace it. Raises StateUnusable."""
        self.directory.replace(self._file_name, orjson.dumps(verdict))

    @property
    def _file_name(self) -> str:
        return f"verdict.{self.portal_id}.{self.profile}.json"


def read_verdicts(directory: Path, profile: str) -> tuple[BacktestVerdict, ...]:
    """The verdicts on a profile that lie in a directory, or in those below by portal and profile; none without it.

    Reads no ledger and makes nothing. Raises StateUnusable.
    """
    state, name = StateDirectory(directory), f"verdict.*.{profile}.json"
    files = [*directory.glob(name), *directory.glob(f"*/*/{name}")]
    read = (_parse_verdict(state.read(str(file.relative_to(directory)))) for file in sorted(files))
    return tuple(verdict for verdict in read if verdict)


def _parse_verdict(content: bytes | None) -> BacktestVerdict | None:
    try:
        return None if content is None else _ADAPTER.validate_json(content)
    except ValidationError:
        return None
