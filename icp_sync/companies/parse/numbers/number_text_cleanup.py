"""Which part of a text states its number: labels, footnotes, remarks in brackets and years are set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from icp_sync.companies.parse.month_names import MONTH
from icp_sync.companies.parse.numbers.numerals import NUMERAL
from icp_sync.companies.parse.numbers.words_around_numbers import MONEY, MONEY_SIGN, UNITS
from icp_sync.vocabulary.text_keys import fold

_ENGLISH_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_YEAR: Final = re.compile(r"\b(?:18|19|20)\d\d\b")


def _words(words: Iterable[str]) -> str:
    """Any of these words, or a currency's sign; no letter goes on behind a word but in scripts without spaces."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join([MONEY_SIGN, *(re.escape(word) + r"(?![a-z\u0400-\u04ff])" for word in longest_first)])


_SCALES: Final = rf"(?:(?:{_words({*MONEY, *UNITS})})[ .]*){{0,3}}"
_AMOUNT: Final = rf" ?{_SCALES}{NUMERAL} ?{_SCALES}"
# What accountants write for a negative.
_ACCOUNTING: Final = re.compile(rf"^({_SCALES})\(({_AMOUNT})\) ?({_SCALES})$")
_FOOTNOTE: Final = re.compile(r"(?<=.)\[(?:\d{1,3}|[a-z]|(?:note|nb) ?\w|update|when\?|[a-z]+ needed)\]")
# A footnote or a unit.
_LETTER_OF_UNIT: Final = re.compile(r"(?<=.)\[([bkmt])\]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
# What a bracket may say without changing the number before it: when it was true, and how it was counted.
_WHEN: Final = (
    r"(?:\b(?:as of|as at|as per|at|on|per|in|since|stand|status|the|end|ende|year|fy|fiscal|financial|business|gj"
    r"|exercice|ended|ending|of)\b[ :,.-]*)*"
)
_DAY_AND_MONTH: Final = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)? ?(?:de )?)?\b(?:{MONTH})\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?,? ?(?:de )?"
)
_NUMERIC_DATE: Final = r"(?<![\w.,/-])(?:\d{1,2}[./-]){0,2}(?:18|19|20)\d\d(?:[./-]\d{1,4}){0,2}(?!\w)"
_REMARK: Final = re.compile(
    rf"{_WHEN}(?:{_DAY_AND_MONTH})?{_NUMERIC_DATE}|\bfy ?(?:18|19|20)?\d\d\b"
    r"|\b(?:(?:non-|un)?consolidated|konsolidiert|(?:un)?audited|average|avg|estimated?|est|geschatzt"
    r"|full-time equivalents?)\b"
    r"|\b(?:source|quelle|incl|including|inkl|inklusive|excl|excluding|exkl)\b.*"
)
_ONE_AMOUNT: Final = re.compile(_AMOUNT)
_CURRENCY: Final = re.compile(_words(MONEY))
_UNREADABLE: Final = " ? "
"""What the grammar never reads."""
_SIZES: Final = (
    "xxs|xs|xl|xxl|xxxl"
    "|micro|mini|tiny|very small|small|medium|mid|midsize|mid-size|mid-market|large|very large|big|enterprise|corporate"
    "|startup|start-up|smb|sme|kmu|pme|eti|tpe|ge|klein|mittel|gross|groß|grand|petit|moyen|grande|pequena|mediana"
)
_GRADES: Final = (
    "tier|level|segment|size|band|class|group|category|cat|bucket|range|stage|grade|type|step|code|cluster|bracket|option"
    "|stufe|klasse|grosse|kategorie|gruppe|niveau|classe|tranche|categorie|nivel|grupo|categoria|tramo|fascia|livello"
)
# A label beside brackets or a colon: `Large`, `2. Medium business`, `Segment 3`, `B`.
_LABEL: Final = (
    rf"(?:\d{{1,2}} ?[.):-] ?)?(?:{_SIZES})(?:[- ](?:business|company|enterprise|companies|businesses|unternehmen))?"
    rf"|(?:(?:{_GRADES}) ?#? ?)(?:\d{{1,2}}|[a-z])?|(?![qh]\d)[a-z]\d?"
)
_LABELLED: Final = re.compile(rf"^(?:{_LABEL}) ?(?:\(([^()]*\d[^()]*)\)|\[([^\[\]]*\d[^\[\]]*)\]|: ?(.*\d.*))$")
_WHOLE: Final = re.compile(r"^\[([^\[\]]*)\]$")
_YEAR_BEFORE: Final = re.compile(
    r"^(?:fy|fiscal year|year|ye|gj|exercice)? ?(?:18|19|20)\d\d(?:/\d\d)? ?(?:年度?)? ?: ?"
)
# When a number was true, said without brackets: `… as of February 22, 2022`, `… in 2024`.
_SAID_WHEN: Final = re.compile(
    r"\([^()]*\)|[,;]?\s*\b(?:as of|as at|as per|stand|in)\s+(?:the\s+)?(?:end\s+(?:of\s+)?)?"
    r"(?:fy|fiscal year|year)?\s*"
    rf"((?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+)?(?:{_ENGLISH_MONTH}[a-z]*\.?,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?"
    r"(?:18|19|20)\d\d)(?![\w%]|[.,]\d)"
)
# `500²` has a footnote, `500 m²` is an area, and `10⁶` a million.
_RAISED: Final = re.compile(r"(?<=[\d\s+)])[¹²³⁰⁴-⁹₀-₉①-⑳]+")
_POWER: Final = re.compile(r"(?<=(?<!\d)10)(?=[¹²³⁰⁴-⁹])")
# A bullet or a minus; the name of a grade or quarter, but no currency: `C3`, `Size 2`.
_DOUBTFUL: Final = re.compile(rf"^(?:- .*|(?!(?:kr|rs)\d)[a-z]{{1,2}}\d{{1,2}}|(?:{_GRADES}) ?#? ?\d{{1,2}})$")
_UNIT_DOT: Final = re.compile(r"(?<=\d)(\s?(?:tsd|mio|mill|mln|mrd|mld|bn|bln))\.(?!\d)")


class _DatedPart(NamedTuple):
    year: int
    text: str


def number_part_of_text(text: str) -> str | None:
    """The part of a text that states its number, folded; None where it is uncertain which, or whether one does.

    Of several years ("2.9 trillion (2024) 2.8 trillion (2023)") the latest counts; in "Level 2 (51-200)" the bracket
    counts before the label's own number.
    """
    cleaned = _clean_text(text)
    if _DOUBTFUL.match(cleaned):
        return None
    if labelled := _LABELLED.match(cleaned):
        inside = labelled[labelled.lastindex or 0]
        if not _YEAR.fullmatch(inside.strip()):
            return inside
    rounded = cleaned.replace("[", "(").replace("]", ")")
    return _part_of_latest_year(_ACCOUNTING.sub(r"-\1\2 \3", rounded))


def _clean_text(text: str) -> str:
    dashed = re.sub(r"[‐‑‒–—−]", "-", fold(_RAISED.sub("", _POWER.sub("^", text.replace("’", "'")))))
    spaced = re.sub(r"\s+", " ", dashed.replace("〜", "~").replace("&", " and ")).strip()
    noted = _LETTER_OF_UNIT.sub(_UNREADABLE, _YEAR_BEFORE.sub("", spaced))
    plain = _WHOLE.sub(r"\1", _FOOTNOTE.sub("", noted))
    return _SAID_WHEN.sub(lambda match: f" ({match[1]}) " if match[1] else match[0], _UNIT_DOT.sub(r"\1", plain))


def _part_of_latest_year(text: str) -> str | None:
    """The part that stands before the latest year in brackets, and what its brackets add to it. None for a tie.

    Where all digits stand in brackets these are the number.
    """
    dated: list[_DatedPart] = []
    pending, start = "", 0
    for bracket in _BRACKETS.finditer(text):
        before, start = text[start : bracket.start()], bracket.end()
        years = [int(year) for year in _YEAR.findall(bracket[1])]
        pending += before + _added_by_bracket(bracket[1])
        if years and before.strip():
            dated.append(_DatedPart(max(years), pending))
            pending = ""
    pending += text[start:]
    if not dated:
        return pending if re.search(r"\d", _BRACKETS.sub(" ", text)) else _BRACKETS.sub(r" \1 ", text)
    latest = max(dated)
    if sum(part.year == latest.year for part in dated) > 1 or (latest != dated[-1] and pending.strip()):
        return None
    return latest.text + pending


def _added_by_bracket(inside: str) -> str:
    """What a bracket adds to the number outside of it: a unit, a bound, words; nothing where it is a remark.

    Another number is unreadable, but for the same amount in another currency.
    """
    words = _REMARK.sub(" ", inside)
    if _ONE_AMOUNT.fullmatch(words) and _CURRENCY.search(words):
        return " "
    return _UNREADABLE if re.search(r"\d", words) else f" ({words}) "
