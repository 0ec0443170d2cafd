"""What each company's verdict has to stand on: its inputs, and those that vanished and are held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.drills.histories.edition import HOLD_DAYS, INPUTS
from tests.drills.population import DAY

Key = tuple[int, str]
Texts = Mapping[int, Mapping[str, str]]
"""Company → property → text, "" where it is empty."""
_HOLD: Final = HOLD_DAYS * DAY


@dataclass(slots=True)
class _Input:
    """The text the last verdict stood on, and when another one was first seen: between `low` and `high` (seconds).

    `unsure`: a run that died may or may not have looked at it.
    """

    text: str
    low: float | None = None
    high: float | None = None
    unsure: bool = False


@dataclass(slots=True)
class Inputs:
    """The inputs of all companies, told of every edit and reading.

    `is_blank`: the state is lost; what HubSpot's history then tells of lost inputs is the run's own word.
    """

    known: dict[Key, _Input] = field(default_factory=dict)
    is_blank: bool = False

    def edited(self, live: Texts, now: float) -> None:
        """Somebody edited companies."""
        for key, text in _texts(live):
            entry = self.known.get(key)
            if entry is not None and entry.text != text and entry.low is None:
                entry.low = now

    def seen(self, live: Texts, now: float) -> None:
        """A reading saw what is there."""
        for key, text in _texts(live):
            entry = self.known.setdefault(key, _Input(text))
            if entry.text == text:
                entry.low, entry.high, entry.unsure = None, None, False
            else:
                entry.low, entry.high = entry.low or now, entry.high or now

    def perhaps_seen(self, live: Texts) -> None:
        """A run died, before or after it saw what is there."""
        for key, text in _texts(live):
            entry = self.known.setdefault(key, _Input(text, unsure=True))
            if entry.text == text:
                entry.high = None

    def texts_held(self, live: Texts, ours: Collection[int], now: float, left: Mapping[Key, str]) -> dict[Key, str]:
        """The inputs that are held, with their old texts, by a reading that took place now.

        `ours`: the companies written before. `left`: what the run holds by its own word, which decides where nobody can
        tell when a run that died first saw the loss.
        """
        texts_held: dict[Key, str] = {}
        if self.is_blank:
            self.known |= {key: _Input(text, unsure=True) for key, text in left.items()}
        for key, text in _texts(live):
            entry = self.known[key]
            if text or not entry.text or key[0] not in ours:
                continue
            low, high = entry.low or now, entry.high or now
            if entry.unsure or low + _HOLD <= now < high + _HOLD:
                texts_held |= {key: left[key]} if key in left else {}
            elif now < low + _HOLD:
                texts_held[key] = entry.text
        return texts_held

    def settled(self, live: Texts, texts_held: Collection[Key]) -> None:
        """A run gave every company its verdict."""
        self.is_blank = False
        self.known = {key: self.known[key] if key in texts_held else _Input(text) for key, text in _texts(live)}

    def forgotten(self) -> None:
        """The state is lost."""
        self.known.clear()
        self.is_blank = True


def _texts(live: Texts) -> list[tuple[Key, str]]:
    return [((company, name), texts[name]) for company, texts in live.items() for name in INPUTS]
