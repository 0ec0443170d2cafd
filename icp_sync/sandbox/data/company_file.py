"""Companies from a CSV or Parquet file, HubSpot's own company export among them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from icp_sync.sandbox.data.export_columns import map_columns, to_api_values
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.store.bulk_load import LoadReport
from icp_sync.sandbox.store.standard_properties import TARGET_ACCOUNTS

_OWNER = "hubspot_owner_id"


def load_company_file(portal: SandboxPortal, path: Path, mapped: Mapping[str, str] | None = None) -> LoadReport:
    """Load each row as a company, unless it has nothing; each column into the property it is called by, or its own.

    `mapped`: header → property, an empty one leaves the column out. Values a type refuses are left out and counted. A
    portal may have more options than a new one, so those an enumeration lacks are made; so are owners. Raises
    ValueError for another kind of file, two columns of one property, and ids that are none.
    """
    frame = _without_blank_rows(_read_table(path))
    columns = map_columns(frame.columns, portal.schema, mapped or {})
    renamed = frame.select(pl.col(header).alias(name) for header, name in columns.properties.items())
    open_options = tuple(name for name in renamed.columns if _accepts_new_options(portal, name))
    report = portal.add_companies(_api_texts(portal, renamed), open_options=open_options)
    return replace(report, columns=columns.properties, unknown=columns.unknown, left_out=columns.left_out)


def _api_texts(portal: SandboxPortal, renamed: pl.DataFrame) -> pl.DataFrame:
    definitions = portal.schema.definitions
    texts = [
        to_api_values(definitions[column.name], column)
        if column.name in definitions and column.dtype == pl.String
        else column
        for column in renamed
    ]
    if _OWNER in renamed.columns and renamed[_OWNER].dtype == pl.String:
        texts[renamed.columns.index(_OWNER)] = portal.get_or_add_owner_ids(renamed[_OWNER])
    return pl.DataFrame(texts)


def _accepts_new_options(portal: SandboxPortal, name: str) -> bool:
    """Whether people may add options: not to what is yes or no, and not to HubSpot's own fixed lists."""
    definition = portal.schema.definitions.get(name)
    if definition is None or definition.type != "enumeration":
        return False
    return not (definition.external_options or definition.read_only or name in TARGET_ACCOUNTS)


def _read_table(path: Path) -> pl.DataFrame:
    kind = path.suffix.lower()
    try:
        if kind == ".csv":
            return pl.read_csv(path, infer_schema=False, separator=_csv_separator(path))
        if kind in (".parquet", ".pq"):
            return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ValueError(f"no {kind[1:]} file that can be read ({reason}); a CSV has to be UTF-8") from error
    message = f"{path}: give a .csv or .parquet file"
    raise ValueError(message)


def _without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that have something in them: spreadsheets leave empty lines, and separators alone."""
    filled = [
        pl.col(name).str.strip_chars() != "" if kind == pl.String else pl.col(name).is_not_null()
        for name, kind in frame.schema.items()
    ]
    return frame.filter(pl.any_horizontal(filled))


def _csv_separator(path: Path) -> str:
    """A comma, or what some countries' spreadsheets write instead."""
    with path.open(encoding="utf-8", errors="replace") as file:
        header = re.sub(r'"[^"]*"', "", file.readline())
    return max(",;\t", key=header.count)
