"""The pointer file of a snapshot: which Parquet files it is made of, and the times it is valid for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Final

import orjson
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from icp_sync.state.parquet import ParquetFile

FORMAT: Final = 3
_FIELDS_LATER_THAN: Final[Mapping[int, frozenset[str]]] = {
    1: frozenset({"differences", "decided", "changes", "evaluated"}),
    2: frozenset({"changes", "evaluated"}),
    FORMAT: frozenset(),
}
"""Format that is read → the fields it did not have."""


@dataclass(frozen=True, slots=True)
class EvaluatedFile:
    """The file with what predicates made of the companies.

    It follows from the companies' texts in the properties `reads`, and from what `key` is a digest of.
    """

    key: str
    reads: tuple[str, ...]
    file: ParquetFile

    def unless_reads_any(self, properties: Collection[str]) -> EvaluatedFile | None:
        """The same once companies were written in these properties; None where any of them is read."""
        return self if set(properties).isdisjoint(self.reads) else None


@dataclass(frozen=True, slots=True)
class SnapshotPointer:
    """What a snapshot is made of; `check` is a digest of all other fields, as a damaged date may still be a valid date.

    `file`: the companies, but for the rows of `changes` (None: there are none), which stand in their place.
    `companies`: how many both make. `evaluated`: None where nothing is kept.
    """

    format: int
    portal_id: int
    profile: str
    file: str
    sha256: str
    companies: int
    read_from: AwareDatetime
    full_at: AwareDatetime
    as_of: AwareDatetime
    after: str | None = None
    lists: Mapping[str, str | None] = field(default_factory=dict)
    differences: ParquetFile | None = None
    decided: bool = False
    changes: ParquetFile | None = None
    evaluated: EvaluatedFile | None = None
    check: str = ""

    def to_json(self) -> bytes:
        """The content of the file, with `check` computed."""
        return orjson.dumps(replace(self, check=self._compute_check()), option=orjson.OPT_INDENT_2)

    @property
    def is_valid(self) -> bool:
        """Whether it is of a format this version reads, and no field of it has changed since it was written."""
        return self.format in _FIELDS_LATER_THAN and self.check == self._compute_check()

    @property
    def base_file(self) -> ParquetFile:
        """The file with all companies as they were when it was written."""
        return ParquetFile(self.file, self.sha256)

    @property
    def company_and_difference_files(self) -> tuple[ParquetFile, ...]:
        """The files a snapshot is read from; what predicates made of companies is read only where it is asked for."""
        return tuple(file for file in (self.base_file, self.changes, self.differences) if file is not None)

    @property
    def files(self) -> frozenset[str]:
        """The names of the Parquet files it points to."""
        evaluated = [self.evaluated.file] if self.evaluated else []
        return frozenset(file.file for file in (*self.company_and_difference_files, *evaluated))

    def _compute_check(self) -> str:
        left_out = _FIELDS_LATER_THAN[self.format] | {"check"}
        content = {part.name: getattr(self, part.name) for part in fields(self) if part.name not in left_out}
        return hashlib.sha256(orjson.dumps({**content, "check": ""})).hexdigest()[:16]


_POINTER: Final = TypeAdapter(SnapshotPointer)


def parse_pointer(content: bytes) -> SnapshotPointer | None:
    """The pointer of a file; None where it is none of this version's, or a damaged one."""
    try:
        pointer = _POINTER.validate_json(content)
    except ValidationError:
        return None
    return pointer if pointer.is_valid else None


def pointed_file_names(content: bytes | None) -> frozenset[str]:
    """The names of the Parquet files in a pointer file; none without one or for one of another shape."""
    try:
        return frozenset() if content is None else _POINTER.validate_json(content).files
    except ValidationError:
        return frozenset()


def describe_problem(content: bytes) -> str:
    """Why a pointer file that `parse_pointer` made nothing of cannot be read."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return "the snapshot is damaged"
    number = document.get("format") if isinstance(document, dict) else None
    is_other = isinstance(number, int) and number not in _FIELDS_LATER_THAN
    return f"the snapshot has format {number}, this version keeps {FORMAT}" if is_other else "the snapshot is damaged"


def pointer_name(portal_id: int, profile: str) -> str:
    """The name of the pointer of one portal and profile."""
    return f"snapshot.{portal_id}.{profile}.json"


def portals_with_snapshot(directory: Path, profile: str = "*") -> frozenset[int]:
    """Return the ids of the portals with a snapshot of the profile, or of any, in a directory."""
    names = [file.name.split(".") for file in directory.glob(f"snapshot.*.{profile}.json")]
    return frozenset(int(parts[1]) for parts in names if parts[1].isdecimal())
