"""A number as people type it → the interval it says: "10,001+" is [10001, ∞); None if that is uncertain."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final, NamedTuple

Interval = tuple[float, float]

_LONGEST: Final = 200  # a longer text is prose
_THOUSANDS: Final = {"'", " "}

_POWERS: Final = {
    3: "k thousand thousands tsd tausend",
    5: "lakh lakhs",
    6: "m mm mn mln mill million millions mio millionen",
    7: "crore crores",
    9: "b bn bln billion billions mrd mld milliarde milliarden milliard milliards",
    12: "tn trn trillion trillions",
}
_UNITS: Final = {word: power for power, words in _POWERS.items() for word in words.split()}
# Words of languages that write 1,5 for one and a half: beside them "1,500" and "1.500" have two meanings.
_COMMA_UNITS: Final = frozenset(
    {"tsd", "tausend", "mio", "millionen", "mrd", "mld", "milliarde", "milliarden", "milliard", "milliards"}
)
# Words that make a number mean something else: an unclear power, a share, a span of time, a count of others.
_MISLEADING: Final = re.compile(
    r"%|‰|\b(?:mil|mille|t|bio|hundreds?|dozens?|percent|prozent|pct|founded|since|established|est|years?|months?"
    r"|weeks?|days?|hours?|countries|offices|locations|cities|stores|series|[kmb]n?|(?:mil|bil|tril)\w*|"
    + "|".join(word for word in _UNITS if len(word) > 2)
    + r")\b|[百千万億亿兆천만억]|\b(?:тыс|млн|млрд)"
)

_CURRENCY: Final = re.compile(
    r"(?:\b(?:us|ca|au|nz|hk|[acs]))?[$€£¥₹₩₽]|\b(?:usd|eur|gbp|chf|sek|nok|dkk|isk|pln|czk|huf|aud|cad|nzd|jpy|cny|rmb|krw"
    r"|inr|hkd|sgd|brl|mxn|zar|euros?|dollars?|kr|rs)(?![^\W\d_])"
)
_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_EXCEL_DATE: Final = re.compile(
    r"\d\s*[/:]\s*\d|\d[-.]\d{1,2}[-.]\d{4}\b|\b\d{4}-\d{1,2}-\d"
    rf"|{_MONTH}[a-z]*[-. ]*\d|\d[-. ]*{_MONTH}"
)

_NUMERAL: Final = r"\d+(?:[.,']\d+| \d{3}(?!\d))*"
_UNIT: Final = "|".join(sorted(_UNITS, key=len, reverse=True))
_AMOUNT: Final = rf"({_NUMERAL})(?:\s?({_UNIT}))?(?![\w%])"
_SAID: Final = re.compile(rf"(?<![\w.,])(?<![^\W\d]-){_AMOUNT}(?:\s*(?:-|to|bis|and|à)\s*{_AMOUNT})?")

_GROUPED: Final = re.compile(r"(\d{1,3}(?:([,.' ])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
# A comma before three digits groups them; before more it is a slip (`814,0000`).
_DECIMAL: Final = re.compile(r"(\d+)(?:\.(\d+)|,(\d\d?))")

_BELOW: Final = re.compile(r"(?:less than|fewer than|under|below|weniger als|unter|<)\s*$")
_UP_TO: Final = re.compile(r"(?:up to|at most|no more than|not more than|max\.?|maximum|bis zu|höchstens|<=|≤)\s*$")
_ABOVE: Final = re.compile(r"(?:more than|greater than|over|above|exceeding|mehr als|über|>)\s*$")
_FROM: Final = re.compile(r"(?:at least|no less than|min\.?|minimum|from|ab|mindestens|>=|≥)\s*$")
_OR_MORE: Final = re.compile(r"\s*(?:\+|plus\b|(?:or|and|und|oder) (?:more|above|over|up|mehr)\b)")
_OR_LESS: Final = re.compile(r"\s*(?:or|and|und|oder) (?:less|fewer|below|under|weniger)\b")

_WORDS_BESIDE: Final = (
    "employee employees people persons staff headcount workers fte ftes team members full time worldwide"
    " globally"
    " mitarbeiter mitarbeitende mitarbeiterinnen beschäftigte salariés employés collaborateurs personnes empleados"
    " trabajadores personas funcionários colaboradores dipendenti addetti medewerkers anställda ansatte pracowników"
    " about around approx approximately roughly nearly almost circa ca etwa rund ungefähr environ unos aproximadamente"
    " revenue revenues annual sales turnover umsatz in of the total company between zwischen entre and und"
    " 名 人 社員 従業員"
)
_BESIDE: Final = frozenset(_WORDS_BESIDE.split())
"""Words beside a number that leave it as it is; any other may make it mean something else."""

# `250 employees or more` bounds its number as `250 or more` does.
_BESIDE_FIRST: Final = re.compile(rf"^(?:\s*(?:{'|'.join(_BESIDE - {'and', 'und'})})\b\.?)+")
# What accountants write for a negative.
_ACCOUNTING: Final = re.compile(r"^([$€£¥]?) ?\(([$€£¥]?\d[\d.,]*(?: ?[a-z]{1,2})?)\)$")

_FOOTNOTE: Final = re.compile(r"\[[^\]]*\]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_LABEL: Final = re.compile(
    r"^(?:micro|small|medium|mid|midsize|mid-size|mid-market|large|enterprise|smb|sme)(?: business| company)?"
    r"(?= ?\()"
)
_YEAR: Final = re.compile(r"\b(?:18|19|20)\d\d\b")

# When a number was true, said without brackets: `… as of February 22, 2022`, `… in 2024`.
_SAID_WHEN: Final = re.compile(
    r"\([^()]*\)|[,;]?\s*\b(?:as of|as at|as per|stand|in)\s+(?:the\s+)?(?:end\s+(?:of\s+)?)?"
    r"(?:fy|fiscal year|year)?\s*"
    rf"((?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+)?(?:{_MONTH}[a-z]*\.?,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?"
    r"(?:18|19|20)\d\d)(?![\w%]|[.,]\d)"
)
_ABOUT: Final = re.compile(r"(?<![\w$])(?:ca|c|circa|approx|appr)\.?\s*(?=\d)")
_UNIT_DOT: Final = re.compile(r"(?<=\d)(\s?(?:tsd|mio|mill|mln|mrd|mld|bn|bln))\.(?!\d)")


class _Dated(NamedTuple):
    year: int
    text: str


def interval(text: str) -> Interval | None:
    """What the text says as [low, high], ends included, ±∞ where open; None when it is not certain.

    A text that states several years ("2.9 trillion (2024) 2.8 trillion (2023)") says its latest.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain_number(text)
    if plain is not None:
        return plain, plain
    said = _latest(_ACCOUNTING.sub(r"-\1\2", _FOOTNOTE.sub("", _tidy(text))))
    return None if said is None or _EXCEL_DATE.search(said) else _said(said)


def _plain_number(text: str) -> float | None:
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _tidy(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    dashed = re.sub(r"[‐‑‒–—−]", "-", folded)
    spaced = re.sub(r"\s+", " ", dashed).strip()
    about = _ABOUT.sub(" ", _UNIT_DOT.sub(r"\1", spaced))
    return _SAID_WHEN.sub(lambda said: f" ({said[1]}) " if said[1] else said[0], about)


def _latest(text: str) -> str | None:
    """The part that stands before the latest year in brackets; other brackets are remarks. None for a tie.

    Where all digits stand in brackets, as in `Large (501-1,000 employees)`, these are no remarks.
    """
    dated, start = [], 0
    for bracket in _BRACKETS.finditer(text):
        years = [int(year) for year in _YEAR.findall(bracket[1])]
        if years and text[start : bracket.start()].strip():
            dated.append(_Dated(max(years), text[start : bracket.start()]))
        start = bracket.end()
    if not dated:
        outside = _BRACKETS.sub(" ", text)
        return outside if re.search(r"\d", outside) else _BRACKETS.sub(r" \1 ", _LABEL.sub("", text))
    last = max(dated)
    return None if sum(part.year == last.year for part in dated) > 1 else last.text


def _said(text: str) -> Interval | None:
    text = _CURRENCY.sub(" ", text)
    found = list(_SAID.finditer(text))
    if len(found) != 1:
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if re.search(r"\d", before + after) or _MISLEADING.search(before) or _MISLEADING.search(after):
        return None
    if before.endswith("+") or after.strip() == "-":  # `+1500` and `1000-` are open to one side, or a slip
        return None
    after = _BESIDE_FIRST.sub("", after)
    if _unknown_words(before, after):
        return None
    first, first_unit, second, second_unit = found[0].groups()
    if second is None:
        return _one(_amount(first, first_unit), before, after)
    return None if _bounded(before, after) else _between(first, first_unit, second, second_unit)


def _unknown_words(before: str, after: str) -> bool:
    """Whether words are left over that nobody knows: a number is read whole or not at all."""
    for bound in (_UP_TO, _FROM, _BELOW, _ABOVE):
        before = bound.sub(" ", before)
    rest = _OR_LESS.sub(" ", _OR_MORE.sub(" ", after, count=1), count=1)
    return not _BESIDE.issuperset(re.findall(r"[^\W\d_]+", f"{before} {rest}"))


def _one(value: float | None, before: str, after: str) -> Interval | None:
    if value is None:
        return None
    if before.strip() == "-":
        return -value, -value
    step = 1.0 if value.is_integer() else 0.0
    if _UP_TO.search(before) or _OR_LESS.match(after):
        return _no_more_than(value)
    if _FROM.search(before) or _OR_MORE.match(after):
        return value, math.inf
    if _BELOW.search(before):
        return _no_more_than(value - step)
    return (value + step, math.inf) if _ABOVE.search(before) else (value, value)


def _no_more_than(value: float) -> Interval:
    """Counts and money start at 0 unless the bound itself is negative."""
    return (0.0 if value >= 0 else -math.inf), value


def _bounded(before: str, after: str) -> bool:
    """Whether a word opens or closes the number on one side; beside a range that is two statements."""
    words_before = (_UP_TO, _BELOW, _ABOVE)
    return any(word.search(before) for word in words_before) or bool(_OR_MORE.match(after) or _OR_LESS.match(after))


def _between(first: str, first_unit: str | None, second: str, second_unit: str | None) -> Interval | None:
    """`10-50m` is in millions on both sides; `500-1m` cannot be."""
    high = _amount(second, second_unit)
    shared, alone = _amount(first, first_unit or second_unit), _amount(first, first_unit)
    low = next((low for low in (shared, alone) if low is not None and high is not None and low <= high), None)
    return None if low is None or high is None else (low, high)


def _amount(numeral: str, unit: str | None) -> float | None:
    value = _value(numeral, unit)
    return None if value is None else float(f"{value}e{_UNITS[unit]}") if unit else float(value)


def _value(numeral: str, unit: str | None) -> str | None:
    """The digits as Python writes them; None when the separators could mean two things."""
    if numeral.isdecimal():
        return numeral
    if grouped := _GROUPED.fullmatch(numeral):
        return _ungrouped(grouped, unit)
    if _INDIAN.fullmatch(numeral):
        return numeral.replace(",", "")
    decimal = _DECIMAL.fullmatch(numeral)
    return f"{decimal[1]}.{decimal[2] or decimal[3]}" if decimal else None


def _ungrouped(grouped: re.Match[str], unit: str | None) -> str | None:
    whole, group, point, fraction = grouped.groups()
    digits = whole.replace(group, "")
    if point:
        return f"{digits}.{fraction}" if point != group else None
    if group in _THOUSANDS or whole.count(group) > 1:
        return digits
    if unit in _COMMA_UNITS or (group == "," and whole.startswith("0")):
        return None
    if group == ".":
        return whole if unit or whole.startswith("0") else None
    return digits
