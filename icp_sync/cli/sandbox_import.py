"""A file loaded into the sandbox: the map of its columns, and the result of loading as text and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from icp_sync.sandbox import LoadReport


def import_report_document(loaded: LoadReport | None) -> dict[str, Any] | None:
    """The result of loading as a JSON document; None without a file."""
    if loaded is None:
        return None
    return {
        "loaded": loaded.loaded,
        "refused": dict(loaded.refused),
        "columns": dict(loaded.columns),
        "unknown": list(loaded.unknown),
        "left_out": list(loaded.left_out),
        "options_made": dict(loaded.created_options),
    }


def describe_load(loaded: LoadReport) -> Iterator[str]:
    """`import_report_document` in sentences: values refused, options created, columns left out."""
    refused = ", ".join(f"{count:,} of {name}" for name, count in loaded.refused.items()) or "none"
    yield f"{loaded.loaded:,} companies loaded; values refused by their property's type: {refused}"
    if loaded.created_options:
        made = ", ".join(f"{count:,} of {name}" for name, count in loaded.created_options.items())
        yield f"options made that a new portal has not: {made}"
    if loaded.unknown:
        named = ", ".join(f"{header!r} as {loaded.columns[header]}" for header in loaded.unknown)
        yield f"no standard property is called so, loaded as text: {named} (--map 'COLUMN=PROPERTY' says otherwise)"
    if loaded.left_out:
        yield f"left out: {_quoted(loaded.left_out)}"


def _quoted(headers: Iterable[str]) -> str:
    return ", ".join(map(repr, headers))
