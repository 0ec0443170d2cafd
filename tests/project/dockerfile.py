"""A Dockerfile as a list of instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Instruction(NamedTuple):
    """One instruction: its keyword in capitals and the rest, continued lines joined by one space."""

    keyword: str
    argument: str


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile's text in order; comments and empty lines are left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    for line in joined.splitlines():
        keyword, _, argument = line.partition(" ")
        yield Instruction(keyword.upper(), argument.strip())


def stages(text: str) -> list[list[Instruction]]:
    """The instructions of each build stage, every one beginning with its FROM."""
    parsed: list[list[Instruction]] = []
    for instruction in instructions(text):
        if instruction.keyword == "FROM":
            parsed.append([])
        parsed[-1].append(instruction)
    return parsed
