"""Invisible characters and curly quotes in names, as word processors leave them; such names match nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel

from icp_sync.profile.findings import Finding, Path
from icp_sync.profile.model.profile import Profile

_ODD: Final = re.compile("[\u2018-\u201f\u00ab\u00bb\u200b-\u200f\u2060\ufeff\u00ad]")
# Sentences for people may be set as people set them; names are compared.
_SENTENCES: Final = frozenset({"label", "evidence", "reason", "description", "company"})


def odd_characters(profile: Profile) -> Iterator[Finding]:
    """Names hold no curly quotes and no characters of no width."""
    for path, text in _iter_texts(profile.model_dump(by_alias=True, exclude_none=True, warnings=False), ()):
        if odd := _ODD.search(text):
            kind = "a character nobody sees" if ord(odd[0]) in _UNSEEN else "a curly quote"
            yield Finding(path, f"there is {kind} (U+{ord(odd[0]):04X}) in this name; type it anew without it")


_UNSEEN: Final = frozenset([0xAD, 0x2060, 0xFEFF, *range(0x200B, 0x2010)])


def _iter_texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _SENTENCES:
                yield from _iter_texts(str(key), path)
                yield from _iter_texts(part, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for n, part in enumerate(value):
            yield from _iter_texts(part, (*path, n))
