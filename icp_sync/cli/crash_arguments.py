"""Masks a command line for crash files: keeps commands, options and paths, hides what may name a company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import click

from icp_sync.cli.option_types import SecretOption

HIDDEN: Final = "***"


def mask_arguments(group: click.Group, arguments: Sequence[str]) -> list[str]:
    """The arguments in their order; what is no command, option, option's value or file is `***`."""
    rest = iter(arguments)
    for name in rest:
        if not name.startswith("-"):
            known = group.get_command(click.Context(group), name)
            return [
                *_mask_group_options(arguments, name),
                *([name, *_mask_parameters(known, rest)] if known else [HIDDEN]),
            ]
    return [_mask_option(word, {})[0] for word in arguments]


def _mask_group_options(arguments: Sequence[str], name: str) -> Iterator[str]:
    return (_mask_option(word, {})[0] for word in arguments[: arguments.index(name)])


def _mask_parameters(command: click.Command, rest: Iterator[str]) -> Iterator[str]:
    """The words after the command's name; arguments that are no path become `***`."""
    options = {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }
    argument_types = [parameter.type for parameter in command.params if isinstance(parameter, click.Argument)]
    position, only_arguments = 0, False
    for word in rest:
        if word == "--" and not only_arguments:
            only_arguments = True
            yield word
        elif word.startswith("-") and len(word) > 1 and not only_arguments:
            shown, values = _mask_option(word, options)
            yield shown
            is_secret = isinstance(options.get(word), SecretOption)
            yield from (HIDDEN if is_secret else value for value in islice(rest, values))
        else:
            is_path = bool(argument_types) and isinstance(
                argument_types[min(position, len(argument_types) - 1)], click.Path
            )
            position += 1
            yield word if is_path else HIDDEN


def _mask_option(written: str, options: dict[str, click.Option]) -> tuple[str, int]:
    """The option with an unknown value masked, and how many of the words after it are its values."""
    name, equals, _ = written.partition("=")
    known = options.get(name)
    if known is None or (equals and isinstance(known, SecretOption)):  # the value of an unknown one may be anything
        return (f"{name}={HIDDEN}" if equals else name), 0
    return written, 0 if equals or known.is_flag or known.count else known.nargs
