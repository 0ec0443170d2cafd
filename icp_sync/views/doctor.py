"""The checks of `doctor` for terminal and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.errors import IcpSyncError
from icp_sync.views.error_json import error_document


def checks_document(checks: Sequence[Mapping[str, Any]], error: IcpSyncError | None) -> dict[str, Any]:
    """The `--json` document of `doctor`; each check has `name`, `ok`, `message`, `fix`."""
    document = {"ok": error is None, "checks": [dict(check) for check in checks]}
    return document if error is None else document | error_document(error)


def checks_view(checks: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The checks for a terminal; a failed one is followed by its fix, and those that fail alike are one line."""
    names: dict[tuple[bool, str, str], list[str]] = {}
    for check in checks:
        names.setdefault((check["ok"], check["message"], check["fix"]), []).append(check["name"])
    lines = []
    for (ok, message, fix), alike in names.items():
        lines.append(Text(f"{'ok  ' if ok else 'FAIL'}  {', '.join(alike)}: {message}", style="" if ok else "red"))
        if fix and fix not in message:
            lines.append(Text(f"      → {fix}"))
    return Group(*lines)
