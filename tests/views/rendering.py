"""Views as the lines a file would hold."""

from __future__ import annotations

from io import StringIO

from rich.console import Console, RenderableType


def lines(view: RenderableType) -> list[str]:
    """What is printed where there is no terminal, without the blanks that only align."""
    console = Console(file=StringIO(), width=10_000, highlight=False)
    console.print(view)
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def text_of(view: RenderableType) -> str:
    """The same as one text."""
    return "\n".join(lines(view))
