"""Kinds of options that click lacks: lists in a variable of the environment, and files to be written at the end."""

from __future__ import annotations

import os
import re
import shlex
import stat
from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import click

from icp_sync.errors import UsageError
from icp_sync.files import is_same_path
from icp_sync.object_store.address import is_url, parse_address

PROFILE_SUFFIXES: Final = (".yaml", ".yml")


class RepeatableOption(click.Option):
    """A repeatable option; its environment variable separates values by newlines or commas.

    click would split paths at colons and everything else at blanks, and both occur in names.
    """

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """The values in the environment variable; None if it has none."""
        text = self.resolve_envvar_value(ctx)
        return split_env_value(text) or None if text is not None else None


def split_env_value(text: str) -> list[str]:
    """Splits the value of an environment variable."""
    return [value.strip() for value in re.split(r"[\n\r,]", text) if value.strip()]


class EachPathOption(click.Option):
    """A repeatable path, of which a variable or a file names one: whatever is in its name, it is not split."""

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """The variable's value as it is; None if it has none."""
        return self.resolve_envvar_value(ctx)

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, click.core.ParameterSource]:
        """The values, and where they are from."""
        value, source = super().consume_value(ctx, opts)
        return [value] if isinstance(value, str) else value, source


class FilePath(click.Path):
    """A path that somebody has written: none that is empty, which would mean the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails for an empty one, as a variable of a script that is not set leaves behind."""
        if value == "":
            self.fail("it is empty; name a path, or leave it out", param, ctx)
        return super().convert(value, param, ctx)


class OutputFile(FilePath):
    """A file to write when the work is done: whether it can be is asked before the portal is read for an hour."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails where its folder is missing or may not be written to; an existing file is replaced."""
        if is_url(str(value)):
            self.fail("it is written on this machine, not to a store; name a file here", param, ctx)
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.stem == "FILE":
            self.fail(f"{path.name} stands for the name of a file of yours; write one", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder {path.parent}; make it, or name a file in another", param, ctx)
        # A device or a pipe is written to itself; anything else by a new file beside it.
        target = path if path.exists() and not path.is_file() else path.parent
        if not os.access(target, os.W_OK):
            self.fail(f"this user may not write to {target}; name a file elsewhere", param, ctx)
        return path


def require_distinct_files(context: click.Context, profiles: Callable[[], Iterable[Path]]) -> None:
    """Refuse a file that two options would write, or that one would write and the command reads. Raises UsageError.

    `profiles`: the files of the profiles in use, named or not; asked for where there is a file to write.
    """
    named = [
        (param.get_error_hint(context), path, isinstance(param.type, OutputFile | OutputLocation))
        for param in context.command.params
        # These stand for files that are not named: `profiles` are asked for below, and `score` compares what it opens.
        if isinstance(param.type, FilePath) and type(param.type) is not LocationType and param.name != "profiles"
        for path in _paths(context.params.get(param.name or ""))
    ]
    if any(is_written for *_, is_written in named):
        named += [("the profile", path, False) for path in profiles()]
    # A device or a pipe takes what comes, one after the other.
    files = [file for file in named if stat.S_IFMT(file_mode(file[1])) in {0, stat.S_IFREG}]
    for (name, path, is_written), (other, other_path, other_is_written) in combinations(files, 2):
        if (is_written or other_is_written) and is_same_path(path, other_path):
            raise click.UsageError(f"{name} and {other} are one file, {path}; name another to write")


def file_mode(path: Path) -> int:
    """The mode (`st_mode`) of what is at `path`; 0 for nothing.

    And for what cannot be looked at: a name too long, a folder this user may not enter. Whoever opens it says so.
    """
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _paths(value: Any) -> list[Path]:
    values = value if isinstance(value, tuple) else (value,)
    return [path for path in values if isinstance(path, Path)]


class SecretOption(RepeatableOption):
    """A repeatable option whose values are never shown, in a crash file neither."""


class ReferenceType(click.types.StringParamType):
    """A run or a company, by what it is called; never the file of a profile, which an option names."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as it is. Fails for the file of a profile."""
        text = super().convert(value, param, ctx)
        if text.endswith(PROFILE_SUFFIXES):
            self.fail(misplaced_profile_hint(text), param, ctx)
        return text


def misplaced_profile_hint(file: str) -> str:
    """What to write for a profile that stands where none is expected."""
    return f"a profile is named by an option: --profile {shlex.quote(file)}"


class LocationType(FilePath):
    """A path, or the address of an object in a store: `s3://bucket/key`."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as Path, an address as ObjectLocation. Fails for an address nobody knows, without repeating it."""
        from icp_sync.tables.locations import ObjectLocation

        if not isinstance(value, str) or not is_url(value):
            return super().convert(value, param, ctx)
        try:
            return ObjectLocation(parse_address(value))
        except UsageError as error:
            self.fail(f"it {error.message}", param, ctx)


class OutputLocation(LocationType):
    """A location to write."""


OUTPUT_FILE: Final = OutputFile()
REFERENCE: Final = ReferenceType()


class PositiveNumber(click.IntRange):
    """A count or a record id: from 1 to what 64 bits hold, as databases and data frames count."""

    def __init__(self) -> None:
        super().__init__(min=1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Fails for one that nobody has, as for a text."""
        number = super().convert(value, param, ctx)
        if number >= _TOO_LARGE:
            self.fail(f"{number} is larger than any id or count can be", param, ctx)
        return number


_TOO_LARGE: Final = 2**63
NUMBER_FROM_1: Final = PositiveNumber()


class CompanyReference(ReferenceType):
    """A company by its record id, domain or name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text without blanks around it. Fails for an id that nobody has, and for an empty one."""
        text = super().convert(value, param, ctx).strip()
        if not text:
            self.fail("it is empty; give a record id, a domain or a name", param, ctx)
        return str(NUMBER_FROM_1.convert(text, param, ctx)) if text.isascii() and text.isdigit() else text


COMPANY: Final = CompanyReference()
