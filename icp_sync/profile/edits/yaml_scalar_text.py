"""Values of edits as YAML writes them."""

from __future__ import annotations

import json
import re
from typing import Final

from icp_sync.profile.source.yaml_scalars import resolve_scalar

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def scalar_text(value: float | str | None, quote: str = "") -> str:
    """A number, word or None as one YAML scalar: `25`, `1e+308`, `miss`, `null`.

    A word stands in the quotes of the scalar it replaces, if that had some, or in quotes where it needs them.
    """
    if value is None:
        return "null"
    if not isinstance(value, str):
        return repr(value)
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    is_plain = _PLAIN.fullmatch(value) and resolve_scalar(value) == value and quote != '"'
    return value if is_plain else json.dumps(value, ensure_ascii=False)
