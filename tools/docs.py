"""Writes the parts of the documentation that the code knows best: `make docs`.

A page holds them between `<!-- NAME -->` and `<!-- /NAME -->`; `tests/docs` fails where one is not what is made here.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import click

from icp_sync import errors
from icp_sync.cli import cli
from icp_sync.cli.app import COMMANDS
from icp_sync.plan.guardrails import GUARDRAILS, Guardrail, ListGuardrail
from icp_sync.profile.describe import match_sentences
from icp_sync.profile.describe.json_schema import json_schema
from icp_sync.profile.model.outputs import Guardrails
from icp_sync.vocabulary.vocabulary_listing import Kind, find_entry, shipped_names
from tools import scale_model

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = ("explain", "reference")
"""Of docs/; pages elsewhere have parts that others make."""
WIDTH: Final = 100
_PART: Final = re.compile(r"(<!-- (\w+) -->\n)(.*?)(<!-- /\2 -->)", re.DOTALL)
_PROPERTY: Final = r"^[a-z][a-z0-9_]{0,99}$"
_PARTS_OF_A_PROFILE: Final = (
    ("", "Profile"), ("profile", "Header"), ("reviews", "Review"), ("location", "Location"), ("criteria", "Criterion"),
    ("partial", "Partial"), ("disqualifiers", "Disqualifier"), ("coverage", "Coverage"), ("tiers", "Tier"),
    ("capacity", "Capacity"), ("write", "Write"), ("target_account", "TargetAccount"), ("experiment", "Experiment"),
    ("lock", "Lock"),
    ("lists", "TargetList"), ("guardrails", "Guardrails"), ("hold", "Hold"), ("overrides", "Overrides"),
    ("vocabulary", "OwnVocabulary"), ("tests", "ProfileTest"), ("expect", "Expectation"),
)  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Write every page whose generated parts are out of date, and name it; `--check` only names it, and ends in 1."""
    old = [page for page in pages() if rewritten(page.read_text(encoding="utf-8")) != page.read_text(encoding="utf-8")]
    for page in old:
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
        if "--check" not in words:
            page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
    return 1 if old and "--check" in words else 0


def pages() -> list[Path]:
    """The pages that have generated parts."""
    all_pages = [page for folder in FOLDERS for page in sorted((ROOT / "docs" / folder).glob("*.md"))]
    return [page for page in all_pages if _PART.search(page.read_text(encoding="utf-8"))]


def rewritten(text: str) -> str:
    """A page with its generated parts made anew. Raises KeyError for a part nobody makes."""
    return _PART.sub(lambda part: f"{part[1]}{PARTS[part[2]]()}\n{part[4]}", text)


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    escaped = (tuple(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *escaped))


def _keys() -> str:
    """Every part of a profile with its keys, from the JSON Schema that editors read."""
    schema = json_schema()
    shapes = {"Profile": schema, **schema["$defs"]}
    return "\n\n".join(_keys_of(where, shapes[shape]) for where, shape in _PARTS_OF_A_PROFILE)


def _keys_of(where: str, shape: Mapping[str, Any]) -> str:
    description = shape.get("description", "")
    title = f"### `{where}`\n\n{description}" if where else f"### The file\n\n{description}"
    return f"{title}\n\n{_table_of(shape)}"


def _table_of(shape: Mapping[str, Any]) -> str:
    required = shape.get("required", ())
    rows = ((f"`{name}`", _kind(key), _meaning(name, key, required)) for name, key in shape["properties"].items())
    return table(("key", "value", "meaning"), rows)


def _meaning(name: str, key: Mapping[str, Any], required: Sequence[str]) -> str:
    default = key.get("default")
    parts = ["*Required.*" if name in required else "", key.get("description") or _described_elsewhere(key)]
    parts.append(f"Default `{_written(default)}`." if default else "")
    return " ".join(part for part in parts if part)


def _described_elsewhere(key: Mapping[str, Any]) -> str:
    """What the part a key refers to says of itself, for a key that says nothing."""
    named = _named(key)
    if named == "Match":
        return "A [match](profile-language.md#matches)."
    return str(json_schema()["$defs"][named].get("description", "")) if named else ""


def _named(key: Mapping[str, Any]) -> str | None:
    return key["$ref"].rpartition("/")[2] if "$ref" in key else None


def _written(default: object) -> str:
    return ", ".join(map(str, default)) if isinstance(default, list) else str(default).lower()


def _kind(key: Mapping[str, Any]) -> str:
    """What may stand there, in a word or two."""
    if choices := key.get("anyOf") or key.get("oneOf"):
        return " or ".join(dict.fromkeys(_kind(choice) for choice in choices if choice.get("type") != "null"))
    if options := key.get("enum") or ([key["const"]] if "const" in key else []):
        return ", ".join(f"`{value}`" for value in options)
    if named := _named(key):
        return "match" if named == "Match" else "mapping"
    return f"list of {_kind(key['items'])}" if "items" in key else _word(key)


def _word(key: Mapping[str, Any]) -> str:
    if key.get("pattern") == _PROPERTY:
        return "property name"
    words = {"object": "mapping", "string": "text", "boolean": "true or false", "integer": "whole number"}
    return str(words.get(key["type"], key["type"]))


def _where() -> str:
    return _table_of(json_schema()["$defs"]["Where"])


def _commands() -> str:
    """`--help` of every command, as on a terminal of 100 columns."""
    wide: dict[str, Any] = {**cli.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    top = click.Context(cli, info_name="icp-sync", **wide)
    parts = [table(("command", "does"), ((f"[`{name}`](#{name})", line) for name, line in sorted(COMMANDS.items())))]
    for name in sorted(COMMANDS):
        command = cast("click.Command", cli.get_command(top, name))
        context = click.Context(command, parent=top, info_name=name, **wide)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts)


def _errors() -> str:
    """Every error code with its exit codes and what its class says of itself."""
    by_code: dict[str, list[type[errors.IcpSyncError]]] = {}
    for kind in _kinds_of_error(errors.IcpSyncError):
        by_code.setdefault(kind.code, []).append(kind)
    rows = ((f"`{code}`", _exits(kinds), _first_paragraph(kinds[0])) for code, kinds in sorted(by_code.items()))
    return table(("code", "exit", "meaning"), rows)


def _kinds_of_error(kind: type[errors.IcpSyncError]) -> Iterator[type[errors.IcpSyncError]]:
    """The classes below a class, each before those below it."""
    for below in kind.__subclasses__():
        yield below
        yield from _kinds_of_error(below)


def _exits(kinds: list[type[errors.IcpSyncError]]) -> str:
    return ", ".join(str(code) for code in sorted({kind.exit_code for kind in kinds}))


def _first_paragraph(kind: type[errors.IcpSyncError]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())


def _covering(kind: Kind, head: tuple[str, ...]) -> str:
    """The names of a kind that cover more than themselves."""
    entries = (find_entry(kind, name) for name in shipped_names(kind))
    rows = (
        (entry.name, ", ".join(entry.spellings), ", ".join(entry.covers)) for entry in entries if entry and entry.covers
    )
    return table(head, rows)


def _all_technologies() -> str:
    listed = shipped_names("technologies")
    return f"{len(listed)} names:\n\n{', '.join(listed)}."


def _guardrails() -> str:
    """Every guardrail, by its row and its key of a profile."""
    return table(("guardrail", "default", "what is counted"), (_guardrail(*row) for row in GUARDRAILS.items()))


def _guardrail(name: str, row: Guardrail | ListGuardrail) -> tuple[str, ...]:
    if row.none_allowed:
        default, text = "none", str(row.measure.__doc__).partition(",")[0]
    else:
        key = Guardrails.model_fields[name]
        default, text = f"{row.bound} {key.default:.0%}", str(key.description).partition(";")[0]
    return f"`{name}`", default, text[0].lower() + text[1:]


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "keys": _keys,
    "operators": match_sentences.operators_table,
    "where": _where,
    "commands": _commands,
    "errors": _errors,
    "guardrails": _guardrails,
    "regions": lambda: _covering("regions", ("region", "also written", "covers")),
    "industries": lambda: _covering("industries", ("group", "also written", "covers")),
    "technologies": lambda: _covering("technologies", ("name", "also written", "covers")),
    "names": _all_technologies,
    **scale_model.TABLES,
}
"""What stands between the marks of a name."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
