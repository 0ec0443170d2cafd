"""Why a company changes, in a sentence a person reads."""

from __future__ import annotations

from typing import Final

import pytest

from icp_sync.plan.change_explanation import CAUSES, Piece, Threshold, Why
from icp_sync.plan.change_sentence import CAUSE_WORDS, change_sentence

EMPTIED: Final = Piece("data", -18.0, "trade", "industry", "SOFTWARE", "")
RAISED: Final = Threshold("tier_1", 70.0, 90.0)

SENTENCES: Final = [
    (Why("data", 90.0, 72.0, (EMPTIED,)), "Tier 1 → Tier 2: industry went from SOFTWARE to empty (−18.0)"),
    (
        Why("lost", 90.0, 72.0, (Piece("lost", -18.0, "trade", "industry", "SOFTWARE", ""),)),
        "Tier 1 → Tier 2: industry was lost (SOFTWARE) and its hold ended (−18.0)",
    ),
    (Why("time", 90.0, 72.0, (Piece("time", -18.0, "fresh"),)), "Tier 1 → Tier 2: fresh, since time passed (−18.0)"),
    (
        Why("put_back", 12.0, 90.0, (Piece("put_back", 78.0, None, "icp_score", "90.0", "12"),)),
        "Tier 1 → Tier 2: icp_score was edited from 90.0 to 12 and is put back (+78.0)",
    ),
    (
        Why("profile", 90.0, 72.0, (Piece("profile", -18.0, "size", None, "30", "12", "reweighted"),)),
        "Tier 1 → Tier 2: size was reweighted, 30 → 12 points (−18.0)",
    ),
    (
        Why("profile", 90.0, 72.0, (Piece("profile", -18.0, "size", edit="reworded"),)),
        "Tier 1 → Tier 2: size was reworded (−18.0)",
    ),
    (Why("profile", 72.0, 72.0, (), (RAISED,)), "Tier 1 → Tier 2: the threshold of Tier 1 went from 70 to 90"),
    (
        Why("profile", 72.0, 72.0, (), (Threshold("tier_3", None, 20.0), Threshold("tier_2", 60.0, None))),
        "Tier 1 → Tier 2: the profile has a new Tier 3 from 20, the profile has no Tier 2 any more",
    ),
    (Why("capacity", 72.0, 72.0), "Tier 1 → Tier 2: places in a tier were taken or freed"),
    (
        Why("released", 90.0, 72.0, (EMPTIED,)),
        "Tier 1 → Tier 2: an override ended, industry went from SOFTWARE to empty (−18.0)",
    ),
    (Why("data", 90.0, 72.0, (Piece("data", -18.0),)), "Tier 1 → Tier 2: its data changed (−18.0)"),
    (Why("undo"), "Tier 1 → Tier 2: an earlier run is undone"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text"), SENTENCES)
def test_the_move_and_what_moved_it(why: Why, text: str) -> None:
    assert change_sentence(why, "tier_1", "tier_2") == text


def test_without_a_move_the_scores_stand_in_front_and_where_they_stay_nothing() -> None:
    assert change_sentence(Why("data", 90.0, 72.0, (EMPTIED,)), "tier_1", "tier_1").startswith(
        "90.0 → 72.0 points: industry"
    )
    assert change_sentence(Why("data", 90.0, 72.0, (EMPTIED,))).startswith("90.0 → 72.0 points: industry")
    assert change_sentence(Why("profile", 90.0, 90.0)) == "the profile changed"


def test_an_emptied_tier_is_no_tier() -> None:
    assert (
        change_sentence(Why("left_scope", 90.0, 0.0), "tier_1", "")
        == "Tier 1 → no tier: it left the scope of the profile"
    )


def test_pieces_of_the_cause_stand_first_and_only_three() -> None:
    pieces = [Piece("put_back", 40.0), *(Piece("data", -n, f"c{n}", f"p{n}", "a", "b") for n in (9.0, 8.0, 7.0))]
    assert change_sentence(Why("data", 50.0, 66.0, tuple(pieces))) == (
        "50.0 → 66.0 points: p9.0 went from a to b (−9.0), p8.0 went from a to b (−8.0), p7.0 went from a to b (−7.0), "
        "1 more (+40.0)"
    )


def test_one_edit_that_two_criteria_read_is_said_once() -> None:
    pieces = (
        Piece("data", 6.0, "country", "country", "CH", "DE"),
        Piece("data", 0.4, "city", "country", "CH", "DE"),
        Piece("data", 20.0, "size", "employees", "", "2400"),
    )
    assert change_sentence(Why("data", 34.0, 60.4, pieces)) == (
        "34.0 → 60.4 points: country went from CH to DE (+6.4), employees went from empty to 2400 (+20.0)"
    )
    silent = Piece("data", 0.0, "city", "country", "CH", "DE")
    assert change_sentence(Why("data", 34.0, 40.0, (pieces[0], silent))).count("country went") == 1


def test_a_text_with_braces_stays_as_it_is() -> None:
    piece = Piece("data", -18.0, "trade", "industry", "{now}", "{0}")
    assert "went from {now} to {0}" in change_sentence(Why("data", 90.0, 72.0, (piece,)))


def test_every_cause_has_words() -> None:
    assert tuple(CAUSE_WORDS) == CAUSES
    assert all(change_sentence(Why(cause)) for cause in CAUSES)
