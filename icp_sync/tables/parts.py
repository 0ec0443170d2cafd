"""A table written as a folder of Parquet parts: the manifest comes last, so what lacks it was cut short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.errors import TableUnusable
from icp_sync.tables.locations import Location
from icp_sync.tables.part_folders import open_part_folder
from icp_sync.tables.writing import require_distinct, write_frame

MANIFEST: Final = "_SUCCESS.json"
"""Named as Spark and its heirs name it, whose readers pass over names that begin with an underscore."""
_PART: Final = re.compile(r"part-\d{5,}\.parquet")


def require_new_folder(location: Location, *, overwrite: bool) -> None:
    """Raises TableUnusable where a folder holds what is not ours to replace, or is not to be replaced."""
    names = open_part_folder(location).names()
    foreign = sorted(name for name in names if not _is_ours(name))
    if foreign:
        raise TableUnusable(
            f"{location} holds {foreign[0].rstrip('/')}, which is no part of a result; name another with --out"
        )
    if names and not overwrite:
        unfinished = "" if MANIFEST in names else f" (unfinished: it has no {MANIFEST})"
        raise TableUnusable(
            f"{location} holds a result already{unfinished}; name another with --out, or replace it with --overwrite"
        )


def write_parts(location: Location, headers: Sequence[str], batches: Iterable[pl.DataFrame]) -> int:
    """Write each batch as a part, whole or not at all, and return how many there are.

    The manifest and the parts of a former result go first. Raises StateUnusable, TableUnusable.
    """
    require_distinct(headers)
    folder = open_part_folder(location)
    # The manifest first: from here on until the new one is there, the folder is seen to be unfinished.
    folder.remove(sorted(folder.names(), key=lambda name: name != MANIFEST))
    parts = 0
    for batch in batches:
        with folder.write(part_name(parts)) as file:
            write_frame(batch, headers, file)
        parts += 1
    return parts


def part_name(number: int) -> str:
    """The name of a part, counted from 0."""
    return f"part-{number:05}.parquet"


def write_manifest(location: Location, content: Mapping[str, Any]) -> None:
    """Write what says that all parts are there, and what they hold. Raises StateUnusable."""
    with open_part_folder(location).write(MANIFEST) as file:
        file.write(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def _is_ours(name: str) -> bool:
    # What a killed run left half written bears a part's name and `.new` behind it.
    name = re.sub(r"\.[0-9a-f]{8}\.new$", "", name)
    return name == MANIFEST or bool(_PART.fullmatch(name))
