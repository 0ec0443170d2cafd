"""What `doctor` found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text


def checks_document(checks: Sequence[Mapping[str, Any]], *, ok: bool) -> dict[str, Any]:
    """The `--json` document of `doctor`; each check has `name`, `ok`, `message`, `fix`."""
    return {"ok": ok, "checks": [dict(check) for check in checks]}


def checks_view(checks: Sequence[Mapping[str, Any]]) -> RenderableType:
    """The same for a terminal: a fault is followed by its remedy."""
    lines = []
    for check in checks:
        lines.append(
            Text(
                f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']}: {check['message']}",
                style="" if check["ok"] else "red",
            )
        )
        if check["fix"]:
            lines.append(Text(f"      → {check['fix']}"))
    return Group(*lines)
