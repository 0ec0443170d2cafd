"""Which part of a text states its number: labels, footnotes, remarks in brackets and years are set aside."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from icp_sync.vocabulary.text_keys import fold

_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_YEAR: Final = re.compile(r"\b(?:18|19|20)\d\d\b")
# What accountants write for a negative.
_ACCOUNTING: Final = re.compile(r"^([$€£¥]?) ?\(([$€£¥]?\d[\d.,]*(?: ?[a-z]{1,2})?)\)$")
_FOOTNOTE: Final = re.compile(r"(?<=.)\[(?:\d{1,3}|[a-z ?]+)\]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
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
    rf"((?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+)?(?:{_MONTH}[a-z]*\.?,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?"
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
    return _part_of_latest_year(_ACCOUNTING.sub(r"-\1\2", cleaned))


def _clean_text(text: str) -> str:
    dashed = re.sub(r"[‐‑‒–—−]", "-", fold(_RAISED.sub("", _POWER.sub("^", text.replace("’", "'")))))
    spaced = re.sub(r"\s+", " ", dashed.replace("〜", "~").replace("&", " and ")).strip()
    plain = _WHOLE.sub(r"\1", _FOOTNOTE.sub("", _YEAR_BEFORE.sub("", spaced)))
    return _SAID_WHEN.sub(lambda match: f" ({match[1]}) " if match[1] else match[0], _UNIT_DOT.sub(r"\1", plain))


def _part_of_latest_year(text: str) -> str | None:
    """The part that stands before the latest year in brackets; other brackets are remarks. None for a tie.

    Where all digits stand in brackets these are no remarks, and perhaps not where but a year stands before them.
    """
    dated, start = [], 0
    for bracket in _BRACKETS.finditer(text):
        years = [int(year) for year in _YEAR.findall(bracket[1])]
        if years and text[start : bracket.start()].strip():
            dated.append(_DatedPart(max(years), text[start : bracket.start()]))
        start = bracket.end()
    if not dated:
        outside = _BRACKETS.sub(" ", text)
        if not re.search(r"\d", outside):
            return _BRACKETS.sub(r" \1 ", text)
        return None if _YEAR.fullmatch(outside.strip()) and re.search(r"\(.*\d", text) else outside
    last = max(dated)
    return None if sum(part.year == last.year for part in dated) > 1 else last.text
