"""A command line as a crash file may tell it: commands, options and files, and nothing that may name a company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import click

HIDDEN: Final = "***"


def masked(group: click.Group, arguments: Sequence[str]) -> list[str]:
    """The arguments in their order; what is no command, option, option's value or file is `***`."""
    rest = iter(arguments)
    for name in rest:
        if not name.startswith("-"):
            known = group.commands.get(name)
            return [*_before(arguments, name), *([name, *_of(known, rest)] if known else [HIDDEN])]
    return [_option(one, {})[0] for one in arguments]


def _before(arguments: Sequence[str], name: str) -> Iterator[str]:
    return (_option(one, {})[0] for one in arguments[: arguments.index(name)])


def _of(command: click.Command, rest: Iterator[str]) -> Iterator[str]:
    """What stands after the command's name."""
    options = {
        name: one
        for one in command.params
        if isinstance(one, click.Option)
        for name in (*one.opts, *one.secondary_opts)
    }
    places = [one.type for one in command.params if isinstance(one, click.Argument)]
    place, only_places = 0, False
    for one in rest:
        if one == "--" and not only_places:
            only_places = True
            yield one
        elif one.startswith("-") and len(one) > 1 and not only_places:
            said, values = _option(one, options)
            yield said
            yield from islice(rest, values)
        else:
            kept = bool(places) and isinstance(places[min(place, len(places) - 1)], click.Path)
            place += 1
            yield one if kept else HIDDEN


def _option(written: str, options: dict[str, click.Option]) -> tuple[str, int]:
    """The option as it may be told, and how many of the arguments behind it are its values."""
    name, equals, _ = written.partition("=")
    known = options.get(name)
    if known is None:  # its value, if it has one, may be anything
        return (f"{name}={HIDDEN}" if equals else name), 0
    return written, 0 if equals or known.is_flag or known.count else known.nargs
