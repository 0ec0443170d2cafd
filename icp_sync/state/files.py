"""Files of the state that are replaced whole, wherever they are kept: in the state directory or in an object store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol

from icp_sync.state.parquet import ParquetFile


class StateFiles(Protocol):
    """The files of one profile on one portal. Every method raises StateUnusable.

    `path`: the directory they are opened in and made in; `publish` and `fetch` move them where they are kept elsewhere.
    A name may have one folder before it, such as `reports/RUN_ID.json`.
    """

    @property
    def path(self) -> Path: ...

    def location_text(self, name: str) -> str:
        """Where a file is kept, for messages."""

    def require_writable(self) -> None:
        """Prove that a file could be kept, by keeping one and removing it."""

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none."""

    def replace(self, name: str, content: bytes) -> None:
        """Replace a file atomically and durably, whoever wrote it last."""

    def swap_pointer(self, name: str, content: bytes) -> bytes | None:
        """Replace a pointer as `replace` does, and return what stood there.

        Raises ObjectChanged where another writer has replaced it since this one first read it.
        """

    def publish(self, names: Iterable[str]) -> None:
        """Keep files that were made in `path`, before a pointer names them."""

    def fetch(self, files: Iterable[ParquetFile]) -> None:
        """Put files that a pointer names into `path`; those that are missing are left out."""

    def file_names(self, folder: str) -> Collection[str]:
        """The names of the files kept in a folder, the folder before each."""

    def fetch_folder(self, folder: str) -> None:
        """Put all files kept in a folder into `path`."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, where they are kept and in `path`; one that is missing is no fault."""

    def remove_old(self, pointer: str, stem: str, replaced: Collection[str], kept: Collection[str]) -> None:
        """Remove Parquet files called after `stem` that were `replaced`, or left an hour ago by interrupted runs.

        Ages count to when the `pointer` was written; any other file is young, and about to be named by a pointer.
        """
