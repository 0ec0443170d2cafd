"""A draft of a profile as YAML that a person reads and edits: one question a paragraph, its evidence under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from icp_sync.profile.edits.yaml_scalar_text import scalar_text

_WIDTH: Final = 116
_SCHEMA: Final = "# yaml-language-server: $schema=icp.schema.json"


def comment_lines(text: str, indent: str = "") -> list[str]:
    """A text as comment lines."""
    return [f"{indent}# {line}" for line in wrap(text, _WIDTH - len(indent))]


def flow_style(value: Any) -> str:
    """A value on one line: `{between: [500, 10000]}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar_text(str(key))}: {flow_style(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow_style, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return f"{value:.15g}"
    return scalar_text(value if value is None else str(value))


def block_items(values: Iterable[Mapping[str, Any]], indent: str = "  ") -> Iterator[str]:
    """Mappings as list items in block style, a blank line between."""
    for number, value in enumerate(values):
        if number:
            yield ""
        for place, (key, part) in enumerate(value.items()):
            yield f"{indent}{'- ' if not place else '  '}{key}: {flow_style(part)}"


def profile_text(
    header: Sequence[str],
    sections: Mapping[str, Any],
    remarks: Mapping[str, Sequence[str]],
) -> str:
    """The file: `header` as comments, then the sections; `remarks`: section → comment lines behind it."""
    lines = [_SCHEMA, "#", *(line for paragraph in header for line in comment_lines(paragraph)), "schema: 1"]
    for name, section in sections.items():
        lines += ["", *_section(name, section), *remarks.get(name, ())]
    return "\n".join(lines) + "\n"


def _section(name: str, section: Any) -> Iterator[str]:
    if isinstance(section, list) and section and isinstance(section[0], Mapping):
        yield f"{name}:"
        yield from block_items(section)
    elif isinstance(section, Mapping) and name in {"profile", "write", "derive", "vocabulary", "outcomes", "personas"}:
        yield f"{name}:"
        for key, part in section.items():
            if isinstance(part, list) and part and isinstance(part[0], Mapping):
                yield f"  {scalar_text(str(key))}:"
                yield from block_items(part, "    ")
            else:
                yield f"  {scalar_text(str(key))}: {flow_style(part)}"
    else:
        yield f"{name}: {flow_style(section)}"
