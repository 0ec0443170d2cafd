"""Plain data as YAML in a style drawn at random: block and braces, one line and many, quotes, comments, blanks."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any, TypeVar

from icp_sync.profile.source.yaml_scalars import resolve_scalar

T = TypeVar("T")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class Writer:
    """Writes data in random style; `comments` are all that were written, each another."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.comments: list[str] = []

    def document(self, data: dict[str, Any]) -> str:
        start = self._pick(["", "", "---\n", "%YAML 1.2\n--- # begins\n", "\n\n# profile\n"])
        return start + "\n".join(self._block_mapping(data, "")) + self._pick(["\n", "\n\n", "", "\n# end", "\n...\n"])

    def _block(self, value: Any, indent: str) -> list[str]:
        mapping = isinstance(value, dict)
        return self._block_mapping(value, indent) if mapping else self._block_sequence(value, indent)

    def _block_mapping(self, value: dict[str, Any], indent: str) -> list[str]:
        lines: list[str] = []
        for key, inner in value.items():
            lines += self._between(indent) if lines else []
            written = indent + self._scalar(key) + ":"
            lines += self._value(written, inner, indent, is_item=False)
        return lines

    def _block_sequence(self, value: list[Any], indent: str) -> list[str]:
        lines: list[str] = []
        for inner in value:
            lines += self._between(indent) if lines else []
            if isinstance(inner, dict) and inner and self._chance(0.6):
                deeper = indent + "  "
                first, *rest = self._block_mapping(inner, deeper)
                dash = (
                    [f"{indent}-{self._comment(' ')}", first] if self._chance(0.1) else [f"{indent}- {first.lstrip()}"]
                )
                lines += [*dash, *rest]
            else:
                lines += self._value(f"{indent}-", inner, indent, is_item=True)
        return lines

    def _value(self, written: str, value: Any, indent: str, *, is_item: bool) -> list[str]:
        """The lines of a key or dash with its value."""
        deeper = indent + self._pick(["  ", "  ", "    "])
        if isinstance(value, dict | list) and value and not is_item and self._chance(0.6):
            at = indent if isinstance(value, list) and self._chance(0.3) else deeper
            return [written + self._comment(" "), *self._between(at), *self._block(value, at)]
        if isinstance(value, dict | list):
            return (written + " " + self._flow(value, deeper) + self._comment(" ")).split("\n")
        if value is None and not is_item and self._chance(0.3):
            return [written + self._comment(" ")]
        if self._chance(0.1):
            return [written + self._comment(" "), deeper + self._scalar(value) + self._comment(" ")]
        return [written + self._pick([" ", "  "]) + self._scalar(value) + self._comment(" ")]

    def _flow(self, value: Any, indent: str) -> str:
        if not isinstance(value, dict | list):
            return self._scalar(value)
        pairs = value.items() if isinstance(value, dict) else [("", item) for item in value]
        many = bool(value) and self._chance(0.15)
        parts = [(f"{self._scalar(key)}: " if key else "") + self._flow(item, indent + "  ") for key, item in pairs]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not many:
            blank = self._pick(["", " "])
            return (
                f"{opening}{blank}{self._pick([', ', ',  ']).join(parts)}{blank}{closing}"
                if parts
                else opening + closing
            )
        last = len(parts) - 1
        lines = [
            f"{indent}{part}{',' if n < last or self._chance(0.5) else ''}{self._comment(' ')}"
            for n, part in enumerate(parts)
        ]
        return "\n".join([opening + self._comment(" "), *lines, indent + closing])

    def _scalar(self, value: Any) -> str:
        if value is None:
            return self._pick(["null", "~", "Null"])
        if isinstance(value, bool | int | float):
            return json.dumps(value)
        ways = [json.dumps(value, ensure_ascii=self._chance(0.5))]
        ways += ["'" + value.replace("'", "''") + "'"] if "\n" not in value else []
        return (
            value
            if _PLAIN.fullmatch(value) and resolve_scalar(value) == value and self._chance(0.8)
            else self._pick(ways)
        )

    def _between(self, indent: str) -> list[str]:
        """What stands between two lines: mostly nothing."""
        lines = self._pick([[], [], [], [], [""], ["comment"], ["comment", ""]])
        return [indent + self._comment("", often=1) if line else "" for line in lines]

    def _comment(self, before: str, often: float = 0.15) -> str:
        if not self._chance(often):
            return ""
        self.comments.append(f"# remark {len(self.comments)}: a, {{b}} 'c'")
        return before + self.comments[-1]

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, ways: list[T]) -> T:
        return self._random.choice(ways)
