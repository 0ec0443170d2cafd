"""A table written as a folder of Parquet parts: the manifest comes last, so what lacks it was cut short."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.locations import Location, absolute_location
from icp_sync.tables.part_folders import open_part_folder
from icp_sync.tables.table_writing import require_distinct_headers, write_parquet_batch

MANIFEST: Final = "_SUCCESS.json"
"""Named as Spark and its heirs name it, whose readers pass over names that begin with an underscore."""
_PART: Final = re.compile(r"part-\d{5,}\.parquet")


def require_new_folder(location: Location, *, overwrite: bool) -> None:
    """Raises TableUnusable where a folder holds what is not ours to replace, or is not to be replaced."""
    names = open_part_folder(location).entry_names()
    foreign = sorted(name for name in names if not is_result_file(name))
    if foreign:
        raise TableUnusable(
            f"{location} holds {foreign[0].rstrip('/')}, which is no part of a result; name another with --out"
        )
    if names and not overwrite:
        unfinished = "" if MANIFEST in names else f" (unfinished: it has no {MANIFEST})"
        raise TableUnusable(
            f"{location} holds a result already{unfinished}; name another with --out, or replace it with --overwrite"
        )


def prepare_part_folder(location: Location, headers: Sequence[str]) -> PartWriter:
    """Make the folder, take out the manifest and the parts of a former result; where the parts of the new one go.

    Raises StateUnusable, TableUnusable.
    """
    require_distinct_headers(headers)
    folder = open_part_folder(location)
    # The manifest first: from here on until the new one is there, the folder is seen to be unfinished.
    folder.remove_files(sorted(folder.entry_names(), key=lambda name: name != MANIFEST))
    return PartWriter(absolute_location(location), tuple(headers))


@dataclass(frozen=True, slots=True)
class PartWriter:
    """The parts of a result, whose columns are `headers`, for any process that reaches the folder."""

    location: Location
    headers: tuple[str, ...]

    def encode(self, rows: pl.DataFrame) -> bytes:
        """The rows as Parquet."""
        file = io.BytesIO()
        write_parquet_batch(rows, self.headers, file)
        return file.getvalue()

    def store(self, number: int, part: bytes) -> None:
        """Write the part of this number, whole or not at all, over one there may be. Raises StateUnusable."""
        with open_part_folder(self.location).open_for_writing(f"part-{number:05}.parquet") as file:
            file.write(part)


def commit_parts(location: Location, content: Mapping[str, Any]) -> None:
    """Take out what tries that died left half written, then write the manifest: all parts are there, with these counts.

    Raises StateUnusable.
    """
    folder = open_part_folder(location)
    folder.remove_files([name for name in folder.entry_names() if name.endswith(".new")])
    with folder.open_for_writing(MANIFEST) as file:
        file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def is_result_file(name: str) -> bool:
    """Whether a file of this name, in the folder of a result, is the result's."""
    # What a killed run left half written bears a part's name and `.new` behind it.
    name = re.sub(r"\.[0-9a-f]{8}\.new$", "", name)
    return name == MANIFEST or bool(_PART.fullmatch(name))
