"""The text key: what is left of a text when spelling, case and accents no longer matter (design: "Text")."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import polars as pl

# Letters that Unicode does not decompose, though people type them apart.
_LETTERS: Final = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d"}
# Signs that Unicode decomposes into letters: "Jira™" would be "jiratm".
_SIGNS: Final = "[™℠]"
# One gap: separators, each with the dots that end the word before it, or the dots that end the text.
_GAP: Final = r"(?:\.*[^\p{L}\p{N}+#.])+|\.+$"
_ASCII_GAP: Final = re.compile("[^a-z0-9+#.]+")
# `&` is the word `and`, also as web forms escape it, so it parts no words where keys are looked for in texts.
_AMPERSAND: Final = "&(?:amp;)?"
_AND: Final = " and "
_ASCII_SEPARATOR: Final = "[^a-z0-9+#.&]"
_BETWEEN: Final = rf"(?:\.*{_ASCII_SEPARATOR})+"
_BETWEEN_AND: Final = rf"(?:{_BETWEEN}and{_BETWEEN}|(?:\.*{_ASCII_SEPARATOR})*{_AMPERSAND}{_ASCII_SEPARATOR}*)"
_BRACKET: Final = re.compile(r"^(.+?)\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_UNSPACED: Final = r"([\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}]+)"
"""Scripts that write no blanks between words."""
_BEYOND: Final = "\u0530"
"""The first letter after the Cyrillic ones."""
_MAX_PATTERN_LENGTH: Final = 10_000
"""Characters; a regular expression for a thousand phrases costs more than the keys of all texts."""

EMPTY_KEYS: Final = frozenset(
    {
        # what software leaves behind
        "", "#n a", "#null", "#ref", "#value", "#name", "#div 0", "#num", "blank", "empty", "nan", "nil", "null",
        "none", "none found", "no data", "no value", "no results found", "no result", "undefined", "missing", "xxx",
        # English, and what forms say before anybody chose
        "choose", "choose one", "n a", "n.a", "n d", "no answer", "not applicable", "not available", "not disclosed",
        "not found", "not known", "not listed", "not provided", "not set", "not specified", "please choose",
        "please select", "please specify", "prefer not to say", "select", "select one", "select an option", "tba",
        "tbc", "tbd", "to be confirmed", "to be determined", "unknown", "unspecified",
        # German, Dutch, the Nordic languages
        "bitte wahlen", "geen", "k a", "k.a", "kein eintrag", "keine", "keine angabe", "keine angaben", "keine daten",
        "n.v.t", "niet bekend", "niet beschikbaar", "nicht angegeben", "nicht bekannt", "nicht verfugbar", "onbekend",
        "unbekannt", "ikke oplyst", "ikke angitt", "ei tiedossa", "okand", "saknas", "ukendt", "ukjent",
        "uppgift saknas",
        # French, Spanish, Portuguese, Italian
        "aucun", "aucune", "inconnu", "inconnue", "indisponible", "n c", "non communique", "non disponible",
        "non precise", "non renseigne", "non specifie", "pas de donnees", "sans objet", "desconocido", "ninguno",
        "ninguna", "no aplica", "no consta", "no disponible", "no especificado", "no procede", "s d", "s n",
        "sin datos", "sin especificar", "sin informacion", "desconhecido", "nao aplicavel", "nao disponivel",
        "nao especificado", "nao informado", "nao se aplica", "nenhum", "sem dados", "sem informacao",
        "dato non disponibile", "nessuno", "nessuna", "non applicabile", "non disponibile", "non specificato",
        "sconosciuto",
        # Polish, Czech, Russian, Turkish
        "brak", "brak danych", "nie dotyczy", "nieznany", "nieznane", "neuvedeno", "neznamy", "nezname", "неизвестно",
        "не указано", "не указан", "нет данных", "нет", "отсутствует", "bilinmiyor", "belirtilmemis", "yok",
        # Chinese, Japanese, Korean, Arabic, Hebrew
        "無", "无", "暂无", "暫無", "未知", "不明", "不详", "不詳", "なし", "該当なし", "未設定", "未定",
        "없음", "알 수 없음", "미정",
        "غير معروف", "غير متوفر", "غير متاح", "לא ידוע", "לא זמין", "אין",
    }
)  # fmt: skip
"""Keys of texts that say "nothing here". A bare `NA` is not among them: it is Namibia; with a dot it is none."""
_EMPTY_KEYS: Final = pl.Series(sorted(EMPTY_KEYS)).implode()
_DOTTED_NA: Final = r"(?i)^\s*na\.\s*$"
_MOST_LETTERS: Final = max(len(re.sub("[^a-z]", "", word)) for word in EMPTY_KEYS)
_NO_EMPTY_WORD: Final = rf"[1-9✓✔☑✅√✗✘❌☐]|^(?:[^a-zA-Z]*[a-zA-Z]){{{_MOST_LETTERS + 1}}}"


def text_key_expr(column: pl.Expr) -> pl.Expr:
    """The text key of each value of a String column; null stays null.

    `COMPUTER_SOFTWARE` and "Computer Software" have one key; `C`, `C++` and `C#` have three.
    """
    column = column.str.replace_all(_AMPERSAND, _AND)
    plain = _is_ascii(column)
    spelled = pl.coalesce(pl.when(plain).then(column).str.to_lowercase(), _transliterate(pl.when(~plain).then(column)))
    return spelled.str.replace_all(_GAP, " ").str.strip_chars(" ")


def contains_phrase(column: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    """Whether the key of each text contains the consecutive words of any phrase (Boolean); null stays null."""
    keys = text_keys(phrases)
    plain, pattern = _is_ascii(column), _phrase_pattern(keys)
    if len(pattern) > _MAX_PATTERN_LENGTH:
        return _keys_contain_phrase(text_key_expr(column), keys)
    # Matching the gaps between words in the raw text costs a tenth of computing its key.
    others = _keys_contain_phrase(text_key_expr(pl.when(~plain).then(column)), keys)
    return pl.when(plain).then(column.str.contains(pattern)).otherwise(others)


def _keys_contain_phrase(keys: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    return _pad_words(keys).str.contains_any(_padded_phrases(phrases))


def _pad_words(keys: pl.Expr) -> pl.Expr:
    """The keys between blanks, and so are the runs in them of a script that writes none."""
    return pl.concat_str(pl.lit(" "), keys, pl.lit(" ")).str.replace_all(_UNSPACED, " $1 ")


def _padded_phrases(phrases: Iterable[str]) -> list[str]:
    """The phrases as they stand in such keys: anywhere within a run, and nowhere within a word."""
    phrase, apart = pl.col("phrase"), _pad_words(pl.col("phrase"))
    begun = pl.when(phrase.str.contains(f"^{_UNSPACED}")).then(apart.str.strip_chars_start(" ")).otherwise(apart)
    ended = pl.when(phrase.str.contains(f"{_UNSPACED}$")).then(begun.str.strip_chars_end(" ")).otherwise(begun)
    return pl.Series("phrase", list(phrases), dtype=pl.String).to_frame().select(ended).to_series().to_list()


def _phrase_pattern(phrases: Iterable[str]) -> str:
    """A pattern for phrases, given as keys, in ASCII texts."""
    sides = ([re.escape(side) for side in phrase.split(_AND)] for phrase in phrases)
    words = (_BETWEEN_AND.join(side.replace("\\ ", _BETWEEN) for side in parts) for parts in sides)
    return rf"(?i)(?:^|{_ASCII_SEPARATOR}|&)(?:{'|'.join(words)})\.*(?:{_ASCII_SEPARATOR}|&|$)"


def has_content(column: pl.Expr) -> pl.Expr:
    """Whether each text, or one of its members between `;`, is more than an empty word (Boolean); null stays null."""
    sure = surely_has_content(column)
    doubtful = pl.when(~sure).then(column)
    parts = doubtful.str.split(";").list.eval(text_key_expr(pl.element()).is_in(_EMPTY_KEYS))
    return sure | ~(parts.list.all() | doubtful.str.contains(_DOTTED_NA))


def surely_has_content(column: pl.Expr) -> pl.Expr:
    """The fast part of `has_content`: true where digits or length rule an empty word out; null stays null."""
    return column.str.contains(_NO_EMPTY_WORD)


def _is_ascii(column: pl.Expr) -> pl.Expr:
    """Nearly all text is, and needs none of Unicode's tables; what is null for these costs nothing."""
    return column.str.len_bytes() == column.str.len_chars()


def _transliterate(column: pl.Expr) -> pl.Expr:
    bare = column.str.replace_all(_SIGNS, " ").str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.to_lowercase()
    return bare.str.replace_many(list(_LETTERS), list(_LETTERS.values()))


def text_keys(texts: Iterable[str]) -> list[str]:
    """The text keys of `texts`, in their order."""
    column = pl.Series("text", list(texts), dtype=pl.String)
    return column.to_frame().select(text_key_expr(pl.col("text"))).to_series().to_list()


def text_key(text: str) -> str:
    """The text key of one text."""
    if not text.isascii():
        return _alphabetic_key(text) if max(text) < _BEYOND else text_keys([text])[0]
    # Plain Python is a hundred times quicker for one text, and ASCII needs none of Unicode's tables.
    lower = text.lower()
    spelled = re.sub(_AMPERSAND, _AND, lower) if "&" in lower else lower
    words = (word.rstrip(".") for word in _ASCII_GAP.split(spelled))
    return " ".join(word for word in words if word)


def fold(text: str) -> str:
    """Compatibility forms, marks and case undone, so that `MÁS` and `mas`, `２０１５` and `2015` are one."""
    marked = unicodedata.normalize("NFKD", text).lower()
    return unicodedata.normalize("NFC", "".join(char for char in marked if not unicodedata.combining(char)))


def split_bracket(text: str) -> tuple[str, ...]:
    """The text before a bracket at its end, and the text within; empty where there is no bracket."""
    match = _BRACKET.match(text)
    return tuple(side.strip() for side in match.groups()) if match else ()


def _alphabetic_key(text: str) -> str:
    """The key of a text in Latin, Greek or Cyrillic letters, whose Unicode tables no version changes."""
    kinds = (
        (char, unicodedata.category(char)[0]) for char in unicodedata.normalize("NFKD", re.sub(_AMPERSAND, _AND, text))
    )
    lower = "".join(char for char, kind in kinds if kind != "M").lower()
    plain = "".join(_LETTERS.get(char, char) for char in lower)
    spaced = "".join(char if char in "+#." or unicodedata.category(char)[0] in "LN" else " " for char in plain)
    return " ".join(word for part in spaced.split(" ") if (word := part.rstrip(".")))
