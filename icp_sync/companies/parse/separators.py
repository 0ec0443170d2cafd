"""Several names in one text: where a text that has no `;` parts all the same (design: "Sets")."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.vocabulary.keys import key_of

PARTS: Final = ";"
_DOUBTFUL: Final = r"(?i)[\n\r|；、,/&\[]| and "
_ALWAYS: Final = re.compile(r"[\n\r|；、]")
_COMMA: Final = re.compile(r"\s*,\s*")
_WHERE_EACH_IS_KNOWN: Final = re.compile(r"\s*/\s*|\s+&\s+|\s+and\s+", re.IGNORECASE)


def parted(texts: pl.Series, known: Collection[str], *, some: bool = False) -> pl.Series:
    """The texts with `;` between their names, wherever somebody parted them by something else.

    `known`: the keys of names of this kind, so that "Leisure, Travel & Tourism" stays one; a text that is parted at
    commas keeps its whole as a name too. `some`: at `/`, `&` and `and` it is enough that one part is known; then the
    whole stays a name as well, and a tool nobody has heard of is found beside one that is. Only the few distinct
    texts that may hold several names are looked at.
    """
    doubtful = texts.filter(texts.str.contains(_DOUBTFUL) & ~texts.str.contains(PARTS, literal=True)).unique()
    changed = {text: joined for text in doubtful if (joined := PARTS.join(names(text, known, some=some))) != text}
    return texts.replace(list(changed), list(changed.values())) if changed else texts


def names(text: str, known: Collection[str], *, some: bool = False) -> Iterator[str]:
    """The names in a text without `;`, in order."""
    for part in _listed(text) or _ALWAYS.split(text):
        whole = part.strip()
        if key_of(whole) in known or _is_object(whole):
            yield whole
        elif "," in whole:
            yield from (
                piece for comma in _COMMA.split(whole) if comma for piece in _known_parts(comma, known, some=some)
            )
            yield whole
        else:
            yield from _known_parts(whole, known, some=some)


def _known_parts(text: str, known: Collection[str], *, some: bool) -> list[str]:
    """The parts at `/`, `&` and `and` where each of them, or with `some` any, is a known name; else the text."""
    pieces = [piece for piece in _WHERE_EACH_IS_KNOWN.split(text) if piece]
    if len(pieces) < 2 or key_of(text) in known:
        return [text]
    recognised = [key_of(piece) in known for piece in pieces]
    if all(recognised):
        return pieces
    return [*pieces, text] if some and any(recognised) else [text]


def _listed(text: str) -> list[str]:
    """The members of a JSON or Python list: texts, or objects with a name; empty where the text is none.

    An object without a name stays what it is, whole: nobody knows which of its values would be one.
    """
    if not (text.lstrip().startswith("[") and text.rstrip().endswith("]")):
        return []
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _literal(text)
    try:
        return [_member(member) for member in _flat(value) if member is not None]
    except RecursionError:  # objects within objects, deeper than anybody writes: the text stays whole
        return []


def _flat(value: list[Any]) -> Iterator[object]:
    """The members of a list and of the lists in it, in order."""
    waiting = value[::-1]
    while waiting:
        member = waiting.pop()
        if isinstance(member, list):
            waiting.extend(member[::-1])
        else:
            yield member


def _member(member: object) -> str:
    name = member.get("name") if isinstance(member, dict) else member
    return str(name) if isinstance(name, str | int | float) else str(member)


def _is_object(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")


def _literal(text: str) -> list[object]:
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return value if isinstance(value, list) else []
