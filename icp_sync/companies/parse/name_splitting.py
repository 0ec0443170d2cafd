"""Splits texts that hold several names without `;` (design: "Sets")."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from typing import Any, Final

import orjson
import polars as pl

from icp_sync.companies.parse.usage_words import repeat_usage_label, split_usage
from icp_sync.vocabulary.industries import COMMA_OR_SLASH, punctuated_industries, punctuated_key
from icp_sync.vocabulary.text_keys import text_key

SEPARATOR: Final = ";"
_AND: Final = r"\s(?:and|und|et|y|e|en|och|og)\s"
_MAY_HOLD_SEVERAL: Final = rf"(?i)[\n\r\t|；؛，،、•,/／&\[<]|\s[·+]\s|{_AND}"
_SEPARATORS: Final = re.compile(r"[\n\r\t|；؛，،、•]|\s·\s|</?(?:br|div|li|ol|p|ul)\b[^<>]*>", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^\s*\d{1,2}[.)]\s+")
_COMMA: Final = re.compile(r"\s*,\s*")
_SEPARATORS_OF_KNOWN: Final = re.compile(rf"\s*[/／]\s*|\s+[&+]\s+|\s*{_AND}\s*", re.IGNORECASE)


def normalise_name_separators(texts: pl.Series, known: Collection[str], *, partly_known: bool = False) -> pl.Series:
    """The texts with `;` between their names, whatever separated them.

    `known`: the keys of names of this kind, so that "Leisure, Travel & Tourism" stays one; a text split at commas is
    kept as a name too. `partly_known`: split at `/`, `&`, `+` and `and` also where only one part is known, and keep the
    whole as a name. Only the distinct texts that may hold several names are looked at.
    """
    text = pl.col(texts.name)
    several = text.str.contains(_MAY_HOLD_SEVERAL) & ~text.str.contains(SEPARATOR, literal=True)
    doubtful = texts.to_frame().select(text.filter(several).unique()).to_series()
    rewritten = {
        text: joined
        for text in doubtful
        if (joined := SEPARATOR.join(separate_names(text, known, partly_known=partly_known))) != text
    }
    return texts.replace(list(rewritten), list(rewritten.values())) if rewritten else texts


def separate_names(text: str, known: Collection[str], *, partly_known: bool = False) -> Iterator[str]:
    """The names in a text without `;`, in order."""
    for part in _list_literal(text) or _without_numbers(_SEPARATORS.split(text)):
        whole = part.strip()
        if text_key(whole) in known or _is_object(whole):
            yield whole
            yield from _listed_names(whole, known)
        elif "," in whole:
            yield from (
                piece
                for comma in repeat_usage_label(whole, [part for part in _COMMA.split(whole) if part])
                for piece in _known_parts(comma, known, partly_known=partly_known)
            )
            yield whole
        else:
            yield from _known_parts(whole, known, partly_known=partly_known)


def _without_numbers(parts: list[str]) -> list[str]:
    """The entries of a numbered list without their numbers: `1. Jira`; other parts as they are."""
    entries = [part for part in parts if part.strip()]
    numbered = len(entries) > 1 and all(map(_NUMBERED.match, entries))
    return [_NUMBERED.sub("", entry) for entry in entries] if numbered else parts


def _known_parts(text: str, known: Collection[str], *, partly_known: bool) -> list[str]:
    """The parts at `/`, `&`, `+` and `and` where each of them (`partly_known`: any) is a known name; else the text."""
    names, usage = split_usage(text)
    pieces = [piece for piece in _SEPARATORS_OF_KNOWN.split(names) if piece]
    if len(pieces) < 2 or text_key(text) in known:
        return [text, *_listed_names(text, known)]
    recognised = [text_key(piece) in known for piece in pieces]
    pieces = [f"{piece}{usage}" for piece in pieces]
    if all(recognised):
        return pieces
    return [*pieces, text] if partly_known and any(recognised) else [text]


def _listed_names(text: str, known: Collection[str]) -> list[str]:
    """The known names between commas or slashes, where the vocabulary has none written so; empty where there are none.

    The key of "Internet, Software" is a name's, that of "Leisure, Travel & Tourism" is one with its comma.
    """
    parts = COMMA_OR_SLASH.split(text)
    listed = len(parts) > 1 and all(text_key(part) in known for part in parts)
    return parts if listed and punctuated_key(text) not in punctuated_industries() else []


def _list_literal(text: str) -> list[str]:
    """The members of a JSON or Python list: texts, or the `name` of objects; empty where the text is no list.

    An object without a `name` is kept as its text, and a list with what no text can hold is none.
    """
    if not (text.lstrip().startswith("[") and text.rstrip().endswith("]")):
        return []
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _python_list(text)
    try:
        names = [_literal_member_name(member) for member in _flatten(value) if member is not None]
        SEPARATOR.join(names).encode()
    except (RecursionError, ValueError):  # nested, or a number longer, than anybody writes; half a surrogate pair
        return []
    return names


def _flatten(value: list[Any]) -> Iterator[object]:
    """The members of a list and of the lists in it, in order."""
    waiting = value[::-1]
    while waiting:
        member = waiting.pop()
        if isinstance(member, list):
            waiting.extend(member[::-1])
        else:
            yield member


def _literal_member_name(member: object) -> str:
    name = member.get("name") if isinstance(member, dict) else member
    return str(name) if isinstance(name, str | int | float) else str(member)


def _is_object(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")


def _python_list(text: str) -> list[object]:
    try:
        with warnings.catch_warnings():  # about `\d` in a text of somebody else's
            warnings.simplefilter("ignore")
            value = ast.literal_eval(text.strip())
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    return value if isinstance(value, list) else []
