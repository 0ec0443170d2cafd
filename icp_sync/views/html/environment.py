"""The template engine of the pages: everything is escaped, an unknown name is an error, only records are links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from icp_sync.text_truncation import truncate
from icp_sync.views.glosses import GLOSSES, PANEL_WORDS
from icp_sync.views.html import words
from icp_sync.views.links import record_link
from icp_sync.views.text_escaping import strip_control_characters

MAX_TEXT: Final = 1_200
"""Characters of one text on the page; the reasons on a record have at most 1,024."""
FILTERS: Final = (
    words.number, words.signed, words.companies, words.tier, words.outcome, words.company, words.score_change,
)  # fmt: skip
_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_ID: Final = re.compile(r"\d{1,19}", re.ASCII)
_BLANK: Final = re.compile(r"\s")
_CODE: Final = re.compile(r"`([^`]+)`|(?<!\S)(--[a-z][a-z-]*)")


@cache
def template_environment() -> Environment:
    """One for the process, since compiling a template takes longer than filling it."""
    built = Environment(
        loader=PackageLoader("icp_sync.views.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=clean_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    built.filters.update(
        {word.__name__: word for word in (*FILTERS, with_code, attribute_value)}, gloss=GLOSSES.__getitem__
    )
    built.globals.update(
        record=safe_record_link,
        panel_words=PANEL_WORDS,
        tier_columns=partial(named_columns, words.tier),
        outcome_columns=partial(named_columns, words.outcome),
        answer_columns=partial(named_columns, str),
        named_columns=partial(named_columns, _capitalise_first),
    )
    return built


def clean_text(value: Any) -> Any:
    """A value on its way into a page: texts lose control and direction marks, and what is longer than `MAX_TEXT`."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    shown = strip_control_characters(_BLANK.sub(" ", value[: 2 * MAX_TEXT]))
    return truncate(shown, MAX_TEXT)


def attribute_value(value: object) -> Markup:
    """What a browser sends back, such as an address or the name of an input: escaped, and otherwise as it is."""
    return escape(str(value))


def with_code(text: str) -> Markup:
    """A sentence whose words in backticks are set as code, and whose options, such as `--out`, no line breaks apart."""
    parts = _CODE.split(clean_text(text))
    sentence = Markup()
    for plain, code, option in zip(parts[::3], (*parts[1::3], None), (*parts[2::3], None), strict=True):
        sentence += escape(plain)
        if code:
            sentence += Markup("<code>{}</code>").format(code)
        if option:
            sentence += Markup('<span class="nowrap">{}</span>').format(option)
    return sentence


def safe_record_link(ui_domain: str, portal_id: int, company: str) -> str | None:
    """The address of a company's record in HubSpot; None unless it leads to a host, and a record, by plain digits."""
    if not _HOST.fullmatch(ui_domain) or not _ID.fullmatch(company):
        return None
    return record_link(ui_domain, portal_id, company)


def _capitalise_first(name: str) -> str:
    return name[:1].upper() + name[1:]


def named_columns(words_of: Callable[[str], str], names: Iterable[str], prefix: str = "") -> list[tuple[str, str]]:
    """Columns of numbers for a table's head, each named by `words_of`."""
    return [(f"{prefix}{words_of(name)}", "number") for name in names]
