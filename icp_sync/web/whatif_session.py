"""The companies and the profile's file, ready to be asked: an answer for edits, and the file saved with them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.errors import NothingToScore
from icp_sync.profile import lint
from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.edits.text import edit_text, unified_diff
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.snapshot_scoring import OfflineSource
from icp_sync.runs.whatif import SnapshotWhatIf, WhatIfVerdict
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.threshold_curve import size_top_tier
from icp_sync.scoring.verdict_comparison import Mover, compare_verdicts
from icp_sync.scoring.whatif import Verdict
from icp_sync.state.profile_file_io import ProfileFile, overwrite_profile_file, read_profile_file, write_new_profile
from icp_sync.views.html.tune.whatif_answer import DealTally, MovedCompany, SnapshotReading, WhatIfAnswer
from icp_sync.web.forms import edits_query

MAX_BENCHES: Final = 2
"""Texts of the file kept ready: the one on disk, and one that a page was told to keep."""
WinsByTier = Callable[[pl.DataFrame], Mapping[str, DealTally]]
"""Counts won and decided deals by tier of companies (id, tier, outcome)."""
KnownWins = Callable[[OfflineSource], WinsByTier | None]
"""Brings the deals as last read; None where none are known."""
Opened = Callable[[LoadedProfile], OfflineSource]
"""Brings a loaded profile and its last reading together; raises NothingRead where the reading does not suffice."""


@dataclass(frozen=True, slots=True)
class EvaluatedProfile:
    """One text of the profile's file with the companies judged by it; `key` names the text.

    `wins`, `wins_before`: what counts deals by tier, and the count by the file; None where no deals are known.
    """

    key: str
    file: ProfileFile
    loaded: LoadedProfile
    snapshot: SnapshotReading
    whatif: SnapshotWhatIf
    before: Verdict
    names: pl.DataFrame
    offline: OfflineSource
    wins: WinsByTier | None = None
    wins_before: Mapping[str, DealTally] | None = None

    @classmethod
    def from_file(cls, file: ProfileFile, opened: Opened) -> EvaluatedProfile:
        """Evaluate the companies by the file's text. Raises ProfileInvalid and NothingRead."""
        loaded = parse_profile(file.content, str(file.path))
        offline = opened(loaded)
        whatif = SnapshotWhatIf(offline)
        session, companies = offline.source.profile_run.session, whatif.companies
        account = session.account
        snapshot = SnapshotReading(
            account.portal_id,
            account.ui_domain,
            account.time_zone,
            offline.read_at,
            offline.read_on,
            session.day,
            companies.height,
            _tier_counts_in_hubspot(companies) if loaded.profile.write.tier else None,
        )
        return cls(
            content_key(file.content),
            file,
            loaded,
            snapshot,
            whatif,
            whatif.judge(loaded.profile).verdict,
            _company_names(companies),
            offline,
        )

    def with_deals(self, known_wins: KnownWins) -> EvaluatedProfile:
        """The same beside the deals as last read."""
        wins = known_wins(self.offline)
        return replace(self, wins=wins, wins_before=wins(self.before.companies) if wins else None)

    def answer(self, edits: Edits, wanted_size: int | None = None) -> WhatIfAnswer:
        """What the edits come to; `wanted_size`: how many companies the highest tier should hold.

        Raises EditRefused and ProfileInvalid.
        """
        started = time.perf_counter()
        profile, warnings = apply_edits_with_warnings(self.loaded, edits)
        trial = self.whatif.judge(profile)
        comparison = compare_verdicts(self.before, trial.verdict)
        size = None if wanted_size is None else size_top_tier(trial.verdict, wanted_size)
        return WhatIfAnswer(
            snapshot=self.snapshot,
            loaded=self.loaded,
            edits=edits,
            query=edits_query(edits, wanted_size),
            profile=profile,
            comparison=comparison,
            companies=self._moved_companies(trial, (*comparison.up, *comparison.down)),
            tests=trial.verdict.tests,
            failed_before=frozenset(test.name for test in self.before.tests if not test.ok),
            findings=(*warnings, *self._dated_findings(profile)),
            known_findings=frozenset(finding.message for finding in self._file_findings()),
            wins=self.wins(trial.verdict.companies) if self.wins else None,
            wins_before=self.wins_before,
            size=size,
            size_query=edits_query({**edits, **size.edits}, wanted_size) if size else "",
            seconds=time.perf_counter() - started,
        )

    def _file_findings(self) -> tuple[LocatedFinding, ...]:
        return *self.loaded.warnings, *self._dated_findings(self.loaded.profile)

    def _dated_findings(self, profile: Profile) -> tuple[LocatedFinding, ...]:
        """What `icp-sync check` says of a profile on that day beside the warnings of every load."""
        return self.loaded.locate(lint.lint_on_day(profile, self.snapshot.as_of))

    def edited_text(self, edits: Edits) -> str:
        """The file's text with the edits. Raises EditRefused where one cannot be placed."""
        return edit_text(self.file.content.decode(), edits, str(self.file.path))

    def text_diff(self, edited: str) -> str:
        """The edited text against the file's, as git shows it."""
        return unified_diff(self.file.content.decode(), edited, self.file.path.as_posix())

    def _moved_companies(self, trial: WhatIfVerdict, movers: Iterable[Mover]) -> dict[int, MovedCompany]:
        ids = [mover.id for mover in movers]
        reasons = self.whatif.reasons(trial, ids) if ids else {}
        rows = self.names.filter(pl.col(ID).is_in(ids))
        return {n: MovedCompany(name or "", domain or "", reasons.get(n, "")) for n, name, domain in rows.iter_rows()}


class WhatIfSession:
    """The benches of one profile's file: the text on disk, and what pages were told to keep.

    `out`: a file that is not there yet, to be saved instead of the profile's own; None = the profile's own.
    `known_wins`: by default no deals are shown.
    """

    def __init__(self, path: Path, out: Path | None, opened: Opened, known_wins: KnownWins = lambda _: None) -> None:
        self._path, self._out, self._opened, self._known_wins = path, out, opened, known_wins
        self._written: bytes | None = None
        self._benches: dict[str, EvaluatedProfile] = {}

    def evaluate_current(self) -> EvaluatedProfile:
        """The bench of the text on disk, set up anew where it changed, with the deals as last read.

        Raises ProfileInvalid and NothingRead.
        """
        file = read_profile_file(self._path)
        key = content_key(file.content)
        bench = self._benches.get(key)
        if bench is None:
            bench = EvaluatedProfile.from_file(file, self._opened)
            while len(self._benches) >= MAX_BENCHES:
                del self._benches[next(iter(self._benches))]
        self._benches[key] = bench.with_deals(self._known_wins)
        return self._benches[key]

    def evaluated_text(self, known: str) -> EvaluatedProfile:
        """The bench of a text that a page stands on, "" = the one on disk. Raises NothingRead where it is gone."""
        if not known:
            return self.evaluate_current()
        if known not in self._benches:
            raise NothingToScore("this page stands on a text of the file that is no longer kept; load it again")
        return self._benches[known]

    @property
    def last_profile(self) -> Profile | None:
        """The profile of the text read last; None before the first."""
        return next((bench.loaded.profile for bench in reversed(self._benches.values())), None)

    def is_text_current(self, known: str) -> bool:
        """Whether a page stands on the text on disk."""
        return known in self._benches and self._benches[known].file.is_current()

    @property
    def saves_elsewhere(self) -> bool:
        """Whether the profile's file stays as it is."""
        return self._out is not None

    def save_path(self, bench: EvaluatedProfile) -> Path:
        """The file that `save` writes."""
        return self._out or bench.file.path

    def save(self, bench: EvaluatedProfile, edited: str) -> None:
        """Write the edited text.

        Raises ProfileChanged where what is on disk was changed by somebody else meanwhile, and StateUnusable.
        """
        content = edited.encode()
        if self._out is None:
            overwrite_profile_file(bench.file, content)
        elif self._written is None:
            write_new_profile(self._out, content)
        else:
            overwrite_profile_file(ProfileFile(self._out, self._written), content)
        self._written = content


def content_key(content: bytes) -> str:
    """A short name for a text of the file."""
    return hashlib.sha256(content).hexdigest()[:16]


def _tier_counts_in_hubspot(companies: pl.DataFrame) -> dict[str, int]:
    return dict(companies[live.STANDS].drop_nulls().value_counts().iter_rows())


def _company_names(companies: pl.DataFrame) -> pl.DataFrame:
    """`id`, `name` and `domain`, null where the profile's reading has them not."""
    return with_missing_columns(companies, ("name", "domain")).select(ID, "name", "domain")
