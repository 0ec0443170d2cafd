"""What the guide to bad nights shows is what happens. Where one fails after a change that is meant: `make docs`."""

from __future__ import annotations

import re

import pytest

from tests.docs.nights.page import GUIDE, NIGHTS, names, rewritten, transcripts

ALWAYS = {"a_threshold_is_mistyped"}


@pytest.mark.parametrize(
    "night", [night if night in ALWAYS else pytest.param(night, marks=pytest.mark.slow) for night in NIGHTS]
)
def test_a_night_goes_as_the_guide_says(night: str) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    blocks = transcripts(night)
    assert set(blocks) <= {*names(page)}
    # By lines, so that what fails names the first that differs.
    assert rewritten(page, blocks).splitlines() == page.splitlines()


def test_each_of_seven_nights_tells_what_happened_what_you_see_and_what_you_type() -> None:
    page = GUIDE.read_text(encoding="utf-8").partition("\n## What no run did")[0]
    _, *nights = re.split(r"^## \d\. .+\n", page, flags=re.MULTILINE)
    heads = [{*re.findall(r"^\*\*(What [a-z ]+)\.\*\* ?", night, flags=re.MULTILINE)} for night in nights]
    assert heads == [{"What happened", "What you see", "What you type"}] * 7
    assert all(names(night) for night in nights)


def test_a_page_that_says_something_else_is_found() -> None:
    page = "before\n<!-- lost -->\nold\n<!-- /lost -->\nafter\n"
    assert rewritten(page, {"lost": "new"}) == "before\n<!-- lost -->\n```text\nnew\n```\n<!-- /lost -->\nafter\n"
