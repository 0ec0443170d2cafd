"""Names from a portal made harmless for chat programs, e-mail and Markdown."""

from __future__ import annotations

import re
from typing import Final

# Slack's <!channel> and <http://…|…>, HTML, Markdown's marks: a look-alike shows the same and means nothing.
_LOOK_ALIKES: Final = str.maketrans(
    {"<": "‹", ">": "›", "@": "＠", "*": "∗", "`": "ˋ", "~": "∼", "[": "［", "]": "］", "|": "¦", "\\": "＼"}
)
# Within a word an underscore formats nothing, and names of properties and guardrails are full of them.
_EMPHASIS: Final = re.compile(r"(?<!\w)_|_(?!\w)")
# A word joiner takes no room and keeps `evil.example` and `http://…` from becoming a link.
_LINK: Final = re.compile(r"(?<=\w\.)(?=[^\W\d])|(?<=:)(?=//)")
_WORD_JOINER: Final = "\u2060"


def make_harmless(text: str, longest: int = 80) -> str:
    """The text on one line, at most `longest` letters, without anything that pings, links, formats or reorders.

    Control characters, NUL and marks that change the direction of writing are dropped.
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    short = line if len(line) <= longest else f"{line[: longest - 1]}…"
    return _LINK.sub(_WORD_JOINER, _EMPHASIS.sub("＿", short.translate(_LOOK_ALIKES)))
