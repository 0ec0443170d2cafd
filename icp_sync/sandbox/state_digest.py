"""A digest of everything a run may change, to compare two portals or one portal at two times."""

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import Any

import orjson
import polars as pl

from icp_sync.sandbox.lists.lists import CrmList
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import MOMENTS, Records

_ROWS = 100_000


def digest_state(
    records: Records, schema: PropertySchema, lists: Iterable[CrmList], names: Sequence[str] = ()
) -> dict[str, Any]:
    """Digests of companies, lists and properties, and one over all of them.

    `names` are the properties that count; without any, all but the moments of creation and last change, which
    no two runs share. Equal digests mean equal ids and values, provided both were made by one release of Polars.
    """
    chosen = sorted(names) or sorted(set(schema.definitions) - set(MOMENTS))
    definitions = sorted(schema.definitions.values(), key=lambda definition: definition.name)
    state = {
        "companies": {
            "live": len(records.live_ids_and_rows()[0]),
            "archived": len(records.archived_at),
            "merged_away": len(records.merged_into),
            "digest": _companies_digest(records, chosen),
        },
        "lists": {one.name: _list_digest(one.kind, one.members) for one in lists},
        "properties": {
            "count": len(definitions),
            "digest": _sha256_hex([_without_timestamps(one.as_json()) for one in definitions]),
        },
    }
    return {**state, "digest": _sha256_hex(state)}


def _companies_digest(records: Records, names: Sequence[str]) -> str:
    """Column after column, so that no copy of the whole is made; a column without values counts for nothing."""
    ids, rows = records.live_ids_and_rows()
    digest = sha256(orjson.dumps([sorted(records.archived_at), sorted(records.merged_into.items())]))
    digest.update(ids.tobytes())
    index = pl.Series(rows, dtype=pl.UInt32)
    for name in names:
        column = records.full_column(name).gather(index) if name in {*records.columns, *MOMENTS} else pl.Series([])
        if column.null_count() < len(column):
            digest.update(name.encode())
            for start in range(0, len(column), _ROWS):
                digest.update(orjson.dumps(column.slice(start, _ROWS).hash(0).to_list()))
    return digest.hexdigest()[:32]


def _list_digest(kind: str, members: Collection[int]) -> dict[str, Any]:
    return {"kind": kind, "size": len(members), "digest": _sha256_hex(sorted(members))}


def _without_timestamps(shown: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in shown.items() if name not in ("createdAt", "updatedAt")}


def _sha256_hex(value: object) -> str:
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
