"""What words mean is said once: in the terminal, and on the page where a panel uses them unexplained."""

from __future__ import annotations

import pytest

from icp_sync.views import backtest_words
from icp_sync.views.glosses import GLOSSES, PANEL_WORDS, gloss_line
from icp_sync.views.html.report_page import SECTIONS, backtest_page, report_page
from tests.plan.report_documents import night, night_before
from tests.views import backtests
from tests.views.html.markup import Markup


def test_each_word_has_a_meaning_and_each_meaning_its_panel() -> None:
    assert {word for words in PANEL_WORDS.values() for word in words} == GLOSSES.keys()
    assert PANEL_WORDS.keys() <= {section.id for section in SECTIONS}


def test_the_terminal_says_the_same_under_its_table() -> None:
    assert backtest_words.LEGEND == (
        "decided: won or lost · likely range: where the win rate lies, allowing for chance · times average: win rate "
        "over that of all"
    )
    assert gloss_line(("decided",)) == "decided: won or lost"


def test_a_panel_with_something_in_it_ends_with_its_words() -> None:
    page = report_page(night(), [night_before()], backtests.plain())
    for panel in page.split('<section id="')[1:]:
        name = panel.partition('"')[0]
        drawn = "<table" in panel or "<dl" in panel
        assert panel.count("What the words mean") == (1 if name in PANEL_WORDS and drawn else 0), name


@pytest.mark.parametrize("word", PANEL_WORDS["evidence"])
def test_the_page_of_a_backtest_explains_its_words(word: str) -> None:
    page = Markup(backtest_page(backtests.plain()))
    assert word in [element.text for element in page.named("dt")]
    assert GLOSSES[word] in [element.text for element in page.named("dd")]
