"""Sets the what-if page: whole, its answer alone, or what is about to be saved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from icp_sync.views.html import words
from icp_sync.views.html.environment import template_environment
from icp_sync.views.html.tune import charts, check_rows, panels, sentences
from icp_sync.views.html.tune.profile_controls import profile_controls
from icp_sync.views.html.tune.whatif_answer import SnapshotReading, WhatIfAnswer

_SETTINGS: Final = (
    '{"includeIndicatorStyles":false,"historyEnabled":false,"allowEval":false,"allowScriptTags":false,'
    '"selfRequestsOnly":true,"scrollIntoViewOnBoost":false,"timeout":60000}'
)
"""For htmx: what it would otherwise do needs more than the page's policy allows, or keeps companies in the browser."""


_KINDS: Final = {"+": "added", "-": "removed", "@": "place"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff; `kind` names its colour, "" for one that stays."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class SavePreview:
    """What is about to be saved: the `diff` of `file`, or why not (`problem`); `key` names the text that was shown.

    `warned`: the person was told that tests fail, and may save all the same; or that nothing would be saved.
    `reviewer`, `note`: as typed so far.
    """

    file: str
    diff: str
    key: str
    problem: str = ""
    warned: bool = False
    saved: bool = False
    reviewer: str = ""
    note: str = ""

    @property
    def lines(self) -> tuple[DiffLine, ...]:
        """The diff line by line."""
        return tuple(DiffLine(_KINDS.get(line[:1], ""), line.rstrip("\r\n")) for line in self.diff.splitlines())


def whatif_page(answer: WhatIfAnswer, known: str, tab: str, notice: str = "") -> str:
    """The whole page; `known` names the text of the file it stands on, `tab` this page among others."""
    return _render_template("page.html", answer, known=known, tab=tab, notice=notice, settings=_SETTINGS)


def workbench_fragment(answer: WhatIfAnswer, known: str) -> str:
    """The controls and the answer, for a page that goes back, forward or to the beginning."""
    return _render_template("work.html", answer, known=known, announced=True)


def answer_panels(answer: WhatIfAnswer) -> str:
    """The answer alone, for a page whose controls already hold the values."""
    return _render_template("answered.html", answer, announced=True)


def problem_fragment(message: str) -> str:
    """Why there is no answer to what the controls hold; the figures on the page stay those of the last one."""
    return template_environment().get_template("tune/problem.html").render(message=message)


def save_panel(answer: WhatIfAnswer, saving: SavePreview) -> str:
    """The diff about to be saved, with the button that saves it."""
    return _render_template("save.html", answer, saving=saving)


def saved_fragment(answer: WhatIfAnswer, saving: SavePreview, known: str) -> str:
    """That the file is saved, and the page on what it holds now."""
    return _render_template("saved.html", answer, saving=saving, known=known, announced=True)


def failure_page(message: str) -> str:
    """A page that says why there is none."""
    return template_environment().get_template("tune/failure.html").render(message=message)


def file_changed_notice() -> str:
    """The notice that the file changed underneath."""
    return template_environment().get_template("tune/changed.html").render()


def closed_page() -> str:
    """What is left of the page once the server has ended."""
    return template_environment().get_template("tune/closed.html").render()


@cache
def whatif_stylesheet() -> bytes:
    """The report's stylesheet, and what controls need beside it."""
    templates = files("icp_sync.views.html") / "templates"
    return b"\n".join((templates / name).read_bytes() for name in ("style.css", "tune/tune.css"))


def _render_template(template: str, answer: WhatIfAnswer, **rest: Any) -> str:
    tiers = answer.profile.tiers
    shown = {
        "answer": answer,
        "controls": profile_controls(answer.loaded.profile, answer.edits),
        "headline": sentences.headline(answer),
        "trouble": sentences.new_trouble(answer),
        "size": sentences.size_sentences(answer),
        "tiers": panels.tier_rows(answer),
        "outcomes": panels.company_outcome_rows(answer),
        "guardrails": panels.blocking_guardrail_sentences(answer),
        "histogram": charts.histogram(answer.comparison, tiers),
        "curves": [charts.threshold_curve(answer.comparison, tier) for tier in tiers],
        "up": panels.mover_rows(answer, answer.comparison.up),
        "down": panels.mover_rows(answer, answer.comparison.down),
        "tests": check_rows.test_rows(answer),
        "findings": check_rows.finding_rows(answer),
        "width": charts.WIDTH,
        "height": charts.HEIGHT,
        "announced": False,
        "read_at": _read_at,
    }
    return template_environment().get_template(f"tune/{template}").render(shown | rest)


def _read_at(snapshot: SnapshotReading) -> str:
    return words.format_moment(snapshot.read_at, snapshot.time_zone)
