"""The text key: what is left of a text when spelling, case and accents no longer matter (design: "Text")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import polars as pl

# Letters that Unicode does not decompose, though people type them apart.
_LETTERS: Final = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"}
# One gap: separators, each with the dots that end the word before it, or the dots that end the text.
_GAP: Final = r"(?:\.*[^\p{L}\p{N}+#.])+|\.+$"
_ASCII_SEPARATOR: Final = "[^a-z0-9+#.]"
_ASCII_GAP: Final = re.compile(f"{_ASCII_SEPARATOR}+")
_BEYOND: Final = "\u0530"
"""The first letter after the Cyrillic ones."""
_LONGEST_PATTERN: Final = 10_000
"""Characters; a regular expression for a thousand phrases costs more than the keys of all texts."""

EMPTY_KEYS: Final = frozenset(
    {
        # what software leaves behind
        "", "#n a", "#null", "#ref", "#value", "#name", "#div 0", "#num", "blank", "empty", "nan", "nil",
        "null",
        "none", "none found", "no data", "no value", "no results found", "no result", "undefined",
        "missing", "xxx",
        # English, and what forms say before anybody chose
        "choose", "choose one", "n a", "n.a", "n d", "no answer", "not applicable", "not available",
        "not disclosed",
        "not found", "not known", "not listed", "not provided", "not set", "not specified", "please choose",
        "please select", "please specify", "prefer not to say", "select", "select one", "select an option",
        "tba",
        "tbc", "tbd", "to be confirmed", "to be determined", "unknown", "unspecified",
        # German, Dutch, the Nordic languages
        "bitte wahlen", "geen", "k a", "k.a", "kein eintrag", "keine", "keine angabe", "keine angaben",
        "keine daten",
        "n.v.t", "niet bekend", "niet beschikbaar", "nicht angegeben", "nicht bekannt", "nicht verfugbar",
        "onbekend",
        "unbekannt", "ikke oplyst", "ikke angitt", "ei tiedossa", "okand", "saknas", "ukendt", "ukjent",
        "uppgift saknas",
        # French, Spanish, Portuguese, Italian
        "aucun", "aucune", "inconnu", "inconnue", "indisponible", "n c", "non communique",
        "non disponible", "non precise",
        "non renseigne", "non specifie", "pas de donnees", "sans objet", "desconocido", "ninguno",
        "ninguna", "no aplica",
        "no consta", "no disponible", "no especificado", "no procede", "s d", "s n", "sin datos",
        "sin especificar",
        "sin informacion", "desconhecido", "nao aplicavel", "nao disponivel", "nao especificado",
        "nao informado",
        "nao se aplica", "nenhum", "sem dados", "sem informacao", "dato non disponibile", "nessuno",
        "nessuna",
        "non applicabile", "non disponibile", "non specificato", "sconosciuto",
        # Polish, Czech, Russian, Turkish
        "brak", "brak danych", "nie dotyczy", "nieznany", "nieznane", "neuvedeno", "neznamy", "nezname",
        "неизвестно", "не указано", "не указан", "нет данных", "нет", "отсутствует", "bilinmiyor",
        "belirtilmemis", "yok",
        # Chinese, Japanese, Korean, Arabic, Hebrew
        "無", "无", "暂无", "暫無", "未知", "不明", "不详", "不詳", "なし", "該当なし", "未設定", "未定",
        "없음", "알 수 없음", "미정",
        "غير معروف", "غير متوفر", "غير متاح", "לא ידוע", "לא זמין", "אין",
    }
)  # fmt: skip
"""Keys of texts that say "nothing here". A bare `NA` is not among them: it is Namibia."""
_MOST_LETTERS: Final = max(len(re.sub("[^a-z]", "", word)) for word in EMPTY_KEYS)
_NO_EMPTY_WORD: Final = rf"[1-9]|^(?:[^a-zA-Z]*[a-zA-Z]){{{_MOST_LETTERS + 1}}}"


def key(column: pl.Expr) -> pl.Expr:
    """The text key of each value of a String column; null stays null.

    `COMPUTER_SOFTWARE` and "Computer Software" have one key; `C`, `C++` and `C#` have three.
    """
    plain = _ascii(column)
    spelled = pl.coalesce(pl.when(plain).then(column).str.to_lowercase(), _spelled_out(pl.when(~plain).then(column)))
    return spelled.str.replace_all(_GAP, " ").str.strip_chars(" ")


def key_has_any(column: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    """Whether the words of any phrase stand side by side in the key of each text; null stays null."""
    keys = keys_of(phrases)
    plain, pattern = _ascii(column), _side_by_side(keys)
    if len(pattern) > _LONGEST_PATTERN:
        return _has_any(key(column), keys)
    # Looking for the gaps between words in the text as it stands costs a tenth of working out its key.
    others = _has_any(key(pl.when(~plain).then(column)), keys)
    return pl.when(plain).then(column.str.contains(pattern)).otherwise(others)


def _has_any(keys: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    return pl.concat_str(pl.lit(" "), keys, pl.lit(" ")).str.contains_any([f" {phrase} " for phrase in phrases])


def _side_by_side(phrases: Iterable[str]) -> str:
    """A pattern for phrases, given as keys, in ASCII texts."""
    between = rf"(?:\.*{_ASCII_SEPARATOR})+"
    words = (between.join(re.escape(word) for word in phrase.split(" ")) for phrase in phrases)
    return rf"(?i)(?:^|{_ASCII_SEPARATOR})(?:{'|'.join(words)})\.*(?:{_ASCII_SEPARATOR}|$)"


def says_something(column: pl.Expr) -> pl.Expr:
    """Whether each text has more to say than an empty word; null stays null."""
    sure = surely_says_something(column)
    return sure | ~key(pl.when(~sure).then(column)).is_in(EMPTY_KEYS)


def surely_says_something(column: pl.Expr) -> pl.Expr:
    """Whether that is seen at a glance: no empty word has a digit or so many letters; null stays null."""
    return column.str.contains(_NO_EMPTY_WORD)


def _ascii(column: pl.Expr) -> pl.Expr:
    """Nearly all text is, and needs none of Unicode's tables; what is null for these costs nothing."""
    return column.str.len_bytes() == column.str.len_chars()


def _spelled_out(column: pl.Expr) -> pl.Expr:
    bare = column.str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.to_lowercase()
    return bare.str.replace_many(list(_LETTERS), list(_LETTERS.values()))


def keys_of(texts: Iterable[str]) -> list[str]:
    """The text keys of `texts`, in their order."""
    column = pl.Series("text", list(texts), dtype=pl.String)
    return column.to_frame().select(key(pl.col("text"))).to_series().to_list()


def key_of(text: str) -> str:
    """The text key of one text."""
    if not text.isascii():
        return _alphabetic(text) if max(text) < _BEYOND else keys_of([text])[0]
    # Plain Python is a hundred times quicker for one text, and ASCII needs none of Unicode's tables.
    words = (word.rstrip(".") for word in _ASCII_GAP.split(text.lower()))
    return " ".join(word for word in words if word)


def _alphabetic(text: str) -> str:
    """The key of a text in Latin, Greek or Cyrillic letters, whose Unicode tables no version changes."""
    kinds = ((char, unicodedata.category(char)[0]) for char in unicodedata.normalize("NFKD", text))
    lower = "".join(char for char, kind in kinds if kind != "M").lower()
    plain = "".join(_LETTERS.get(char, char) for char in lower)
    words = "".join(char if char in "+#." or unicodedata.category(char)[0] in "LN" else " " for char in plain).split(
        " "
    )
    return " ".join(word for found in words if (word := found.rstrip(".")))


def is_empty_word(text: str) -> bool:
    """Whether the text says nothing: blank, punctuation alone, "N/A", "not provided" and their like."""
    return key_of(text) in EMPTY_KEYS
