"""What has happened in a portal before the night that is drilled."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from tests.drills.population import COUNTRIES, DAY
from tests.drills.scene import Scene

Opening = Callable[[Scene, Path], None]
"""Prepares a fresh portal and its state directory."""


def first_night(_: Scene, __: Path) -> None:
    """Nobody has ever run here."""


def later_night(edits: int) -> Opening:
    """Two quiet nights have passed, then `edits` companies were edited, ten came and fifteen went."""

    def opening(stage: Scene, state: Path) -> None:
        for _ in range(2):
            ended = stage.run(state)
            if ended.code != 0:
                raise RuntimeError(f"a quiet night ended in {ended.code}: {ended.printed}")
            stage.portal.ahead += DAY
        draw, portal = random.Random(7), stage.portal
        chosen = draw.sample(portal.companies_frame()["id"].to_list(), edits + 20)
        portal.edit_companies({one: {"country": draw.choice(COUNTRIES)} for one in chosen[:edits]})
        portal.archive(*chosen[edits : edits + 10])
        for company_id, other in zip(chosen[edits + 10 :: 2], chosen[edits + 11 :: 2], strict=True):
            portal.merge(company_id, other)
        portal.create_companies([{"name": f"New {number}", "country": "Germany"} for number in range(10)])

    return opening
