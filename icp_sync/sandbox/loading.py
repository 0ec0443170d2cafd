"""Companies from a CSV or Parquet file."""

import re
from pathlib import Path

import polars as pl

from .admission import LoadReport
from .portal import SandboxPortal


def load_file(portal: SandboxPortal, path: Path) -> LoadReport:
    """Load each row as a company, each column into the property of its (cleaned) name.

    Values a type refuses are left out and counted. HubSpot's own list of web technologies is longer than
    ours, so unlisted ones are made. Raises ValueError for another kind of file or two columns of one name.
    """
    frame = _read(path)
    names = [_cleaned(name) for name in frame.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"{path}: several columns are called {', '.join(twice)} once cleaned; rename all but one"
        raise ValueError(message)
    return portal.add_companies(
        frame.rename(dict(zip(frame.columns, names, strict=True))), open_options=("web_technologies",)
    )


def _read(path: Path) -> pl.DataFrame:
    kind = path.suffix.lower()
    if kind == ".csv":
        return pl.read_csv(path, infer_schema=False)
    if kind in (".parquet", ".pq"):
        return pl.read_parquet(path)
    message = f"{path}: give a .csv or .parquet file"
    raise ValueError(message)


def _cleaned(name: str) -> str:
    cleaned = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return cleaned if cleaned[:1].isalpha() else f"column_{cleaned}"
