"""Documents of runs, kept in the state directory: the last 90 of each portal and profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import ValidationError
from rapidfuzz import process

from icp_sync.errors import ReportUnusable, UnknownRun
from icp_sync.files import make_private_folder
from icp_sync.plan.document.report_document import FORMAT, ReportDocument
from icp_sync.state.directory import translate_os_errors
from icp_sync.state.files import StateFiles

MAX_REPORTS: Final = 90
LAST: Final = "last"
_MOST_NEAR: Final = 3
_FOLDER: Final = "reports"


@dataclass(frozen=True, slots=True)
class ReportStore:
    """The documents of one profile's runs on one portal, in a folder that others may share."""

    directory: StateFiles
    portal_id: int
    profile: str

    def save(self, document: ReportDocument) -> Path:
        """Write `reports/RUN_ID.json` whole or not at all, mode 0600; the oldest of ours are removed.

        Raises StateUnusable, and ValueError for a document of no run.
        """
        if document.run_id is None:
            raise ValueError("only the document of a run is kept")
        path = self._path(document.run_id)
        with translate_os_errors(self.directory.path):
            make_private_folder(path.parent)
        self.directory.replace(_file_name(document.run_id), document.model_dump_json().encode())
        self._prune()
        return path

    def list_newest(self, limit: int | None = None) -> tuple[ReportDocument, ...]:
        """The documents, the newest first; those that cannot be read are left out. Raises StateUnusable."""
        documents: list[ReportDocument] = []
        for path in reversed(self._own_files()):
            if len(documents) == limit:
                break
            try:
                documents.append(self._load(path))
            except ReportUnusable:
                continue
        return tuple(documents)

    def find(self, run: str) -> ReportDocument:
        """The document of the run whose id begins with `run`, or of the newest one for `last`.

        Raises UnknownRun where there is none or several begin so, ReportUnusable where it cannot be read.
        """
        own = self._own_files()
        matches = own[-1:] if run == LAST else [path for path in own if path.stem.startswith(run)]
        if len(matches) == 1:
            return self._load(matches[0])
        if matches:
            listed = ", ".join(path.stem for path in matches[: _MOST_NEAR + 1])
            raise UnknownRun(f"several runs begin with {run}: {listed}; write more of it")
        ids = [path.stem for path in own]
        if not ids:
            raise UnknownRun(f"no run of profile {self.profile} has left a report here; run icp-sync plan first")
        near = [name for name, _, _ in process.extract(run, ids, limit=_MOST_NEAR)]
        raise UnknownRun(f"no report of a run {run} is kept; near ones are {', '.join(near)}, the newest is {ids[-1]}")

    def documents_before(self, document: ReportDocument, limit: int) -> tuple[ReportDocument, ...]:
        """The last documents of runs that began before this one, the oldest first. Raises StateUnusable."""
        earlier = [other for other in self.list_newest() if other.at < document.at and other.run_id != document.run_id]
        return tuple(reversed(earlier[:limit]))

    def first_since(self, day: dt.date, digest: str) -> ReportDocument | None:
        """The oldest document of a run that began on that day (UTC) or later under a profile of that digest.

        None where none is kept. Raises StateUnusable.
        """
        for path in self._own_files():
            if path.stem >= f"{day:%Y%m%d}" and _profile_section(_read_json(path)).get("digest") == digest:
                try:
                    return self._load(path)
                except ReportUnusable:
                    continue
        return None

    def page_path(self, run_id: str) -> Path:
        """Where the page of a run lies unless another place is asked for."""
        return self._path(run_id).with_suffix(".html")

    def find_exact(self, run_id: str) -> ReportDocument | None:
        """The document of exactly that run, None where it is not kept or cannot be read. Raises StateUnusable."""
        name = _file_name(run_id)
        content = self.directory.read(name)
        if content is None:
            return None
        try:
            return _parse_document(self.directory.location_text(name), _parse_json(content))
        except ReportUnusable:
            return None

    def _path(self, run_id: str) -> Path:
        return self.directory.path / _file_name(run_id)

    def _own_files(self) -> list[Path]:
        """The files of this portal and profile, and those nobody can read, by run id: the oldest first."""
        self.directory.fetch_folder(_FOLDER)
        with translate_os_errors(self.directory.path):
            return [path for path in sorted(self._all_files(), key=_age_key) if self._is_own(_read_json(path))]

    def _is_own(self, content: Any) -> bool:
        """Whether a file's content names this portal and profile; damaged, it may be anybody's."""
        if not isinstance(content, dict):
            return True
        return content.get("portal_id") == self.portal_id and _profile_section(content).get("name") == self.profile

    def _prune(self) -> None:
        """Remove all but the newest documents of ours."""
        if sum(name.endswith(".json") for name in self.directory.file_names(_FOLDER)) > MAX_REPORTS:
            old = [path.stem for path in self._own_files()[:-MAX_REPORTS]]
            self.directory.remove(name for run_id in old for name in (_file_name(run_id), f"{_FOLDER}/{run_id}.html"))

    def _all_files(self) -> Iterator[Path]:
        return (self.directory.path / _FOLDER).glob("*.json")

    def _load(self, path: Path) -> ReportDocument:
        with translate_os_errors(self.directory.path):
            return _parse_document(str(path), _read_json(path))


def _parse_document(place: str, content: Any) -> ReportDocument:
    """The document in a file's content; `place`: of the file. Raises ReportUnusable."""
    if not isinstance(content, dict):
        raise ReportUnusable(f"the report {place} is damaged; run icp-sync plan for a new one")
    number = content.get("format")
    if number != FORMAT:
        raise ReportUnusable(
            f"the report {place} has format {number}, this version reads {FORMAT}; run icp-sync plan for a new one, or "
            "read it with the version that wrote it"
        )
    try:
        return ReportDocument.model_validate(content)
    except ValidationError as error:
        key = ".".join(map(str, error.errors()[0]["loc"]))
        raise ReportUnusable(f"the report {place} is damaged at {key}; run icp-sync plan for a new one") from None


def _file_name(run_id: str) -> str:
    return f"{_FOLDER}/{run_id}.json"


def _age_key(path: Path) -> tuple[str, int]:
    """What sorts runs by age: the second in their id, and of one second (a plan and its run) when they were saved."""
    return path.stem.partition("-")[0], path.stat().st_mtime_ns


def _profile_section(content: Any) -> dict[str, Any]:
    """What a file says of the profile; empty where it says nothing."""
    profile = content.get("profile") if isinstance(content, dict) else None
    return profile if isinstance(profile, dict) else {}


def _read_json(path: Path) -> Any:
    """What a file holds, None where it is no JSON."""
    return _parse_json(path.read_bytes())


def _parse_json(content: bytes) -> Any:
    """What a content says, None where it is no JSON."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
