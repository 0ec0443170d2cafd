"""The operators of a match in one table, from which the documentation and the JSON Schema are generated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class OperatorDoc:
    """One operator: an example, the values it reads, when it hits, and when the result is unknown."""

    name: str
    example: str
    reads: str
    hit: str
    unknown: str


_NUMBER: Final = "a number, or a range of them in text"
_NO_NUMBER: Final = "no number can be read, or the range lies across the border"
_TEXT: Final = "text or an enumeration"
_SET: Final = "a set of names separated by `;`"
_PLACE: Final = "the `location` block"
_DATE: Final = "a date, or a year in text"
_EMPTY: Final = "it is empty"
_NO_PLACE: Final = "the country, or the state asked for, is unknown"
_NO_CITY: Final = "the city is unknown, or could be one of several"
_NO_DATE: Final = "no date can be read"

OPERATORS: Final = (
    OperatorDoc("at_least", "`at_least: 50`", _NUMBER, "it is this or more; beside `has_any`: how many must be there",
             _NO_NUMBER),
    OperatorDoc("at_most", "`at_most: 99`", _NUMBER, "it is this or less", _NO_NUMBER),
    OperatorDoc("between", "`between: [500, 10000]`", _NUMBER, "it lies within, both ends included; either may be null",
             _NO_NUMBER),
    OperatorDoc("is", "`is: Banking`", _TEXT, "it is this one, or one of a list; case, accents and punctuation aside",
             _EMPTY),
    OperatorDoc("in", "`in: [software, BANKING]`", _TEXT, "it is one of these, or in a group of that name", _EMPTY),
    OperatorDoc("not_in", "`not_in: [PARTNER]`", _TEXT, "it is none of these", _EMPTY),
    OperatorDoc("contains_any", "`contains_any: [zero-touch]`", "text",
             "one of these phrases stands in it, as whole words", _EMPTY),
    OperatorDoc("matches", "`matches: '\\bGmbH$'`", "text",
             "the regular expression (Rust syntax) is found anywhere, whatever its case", _EMPTY),
    OperatorDoc("has_any", "`has_any: [jira, cloud]`", _SET,
             "one of these is there; with `at_least: n`, n of them; a group counts once", _EMPTY),
    OperatorDoc("has_all", "`has_all: [agile, hybrid]`", _SET, "all of these are there", _EMPTY),
    OperatorDoc("has_none", "`has_none: [acme_suite]`", _SET, "none of these is there", _EMPTY),
    OperatorDoc("region", "`region: [DE, US-CA, Nordics]`", _PLACE,
             "it lies in one of these countries, subdivisions or regions", _NO_PLACE),
    OperatorDoc("city", "`city: [Berlin, Silicon Valley]`", _PLACE, "it lies in one of these cities or metros",
             _NO_CITY),
    OperatorDoc("within_km", '`within_km: {of: "Detroit, US", km: 120}`', _PLACE,
             "its city lies within so many kilometres, by great circle", _NO_CITY),
    OperatorDoc("within_days", "`within_days: 90`", _DATE, "it was so many days ago or fewer, not to come", _NO_DATE),
    OperatorDoc("older_than_days", "`older_than_days: 365`", _DATE, "it was more than so many days ago", _NO_DATE),
    OperatorDoc("age_years", "`age_years: [3, 10]`", _DATE,
             "so many completed years have passed, both ends included; either may be null", _NO_DATE),
    OperatorDoc("known", "`known: true`", "anything", "there is a value that can be read (`false`: none)", "never"),
    OperatorDoc("is_true", "`is_true: true`", "a checkbox, or yes and no in text", "it says yes", "it says neither"),
    OperatorDoc("is_false", "`is_false: true`", "a checkbox, or yes and no in text", "it says no", "it says neither"),
)  # fmt: skip


def markdown() -> str:
    """The operators as the Markdown table of `docs/reference/operators.md`."""
    head = ("operator", "reads", "hit when", "unknown when")
    rows = [(operator.example, operator.reads, operator.hit, operator.unknown) for operator in OPERATORS]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
