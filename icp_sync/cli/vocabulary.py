"""`icp-sync vocabulary [KIND] [WORD]`: the names a profile may use, and what a name covers."""

from __future__ import annotations

from collections.abc import Sequence

import click

from icp_sync.cli.options import Common, common_options, without
from icp_sync.cli.output import print_document, print_view
from icp_sync.errors import NameUnknown
from icp_sync.views.vocabulary import entries_document, entries_view, names_document, names_view
from icp_sync.vocabulary.catalogue import KINDS, Entry, Kind, entry, names, suggest


@click.command("vocabulary", short_help="The names a profile may use, and what each covers.")
@click.argument("asked", nargs=-1, metavar="[technologies|industries|regions|countries] [WORD]")
@without("profiles", "state", "quiet")
@common_options
def vocabulary_command(*, common: Common, asked: tuple[str, ...]) -> int:
    """List the shipped technologies, industries, regions and countries; with WORD, what that name covers.

    A name covers its other spellings, the members of a group or region, and the products of a vendor. Without a kind
    WORD is looked for in all four; where no name is like it, the nearest are shown and the command ends in 1.

    \b
    Example: icp-sync vocabulary industries
    Example: icp-sync vocabulary technologies sap
    Example: icp-sync vocabulary New England
    """
    kinds, wanted = _asked(asked)
    if not wanted:
        listed: dict[str, Sequence[str]] = {kind: names(kind) for kind in kinds}
        if common.as_json:
            print_document(names_document(listed))
        else:
            print_view(names_view(listed))
        return 0
    found = _found(kinds, wanted)
    if common.as_json:
        print_document(entries_document(found))
    else:
        print_view(entries_view(found))
    return 0


def _asked(asked: Sequence[str]) -> tuple[Sequence[Kind], str]:
    """The kinds to look in, and the name to look for, which may be of several words; empty where none is asked for."""
    chosen = [kind for kind in KINDS if asked and kind == asked[0].lower()]
    return chosen or KINDS, " ".join(asked[1:] if chosen else asked)


def _found(kinds: Sequence[Kind], word: str) -> list[Entry]:
    """The entries of a word. Raises NameUnknown with the names nearest to it."""
    found = [one for kind in kinds if (one := entry(kind, word)) is not None]
    # A country is a region of one country; said once.
    named = [one for one in found if one.kind != "regions" or one.covers or len(found) == 1]
    if named:
        return named
    nearest = [f"{name} ({kind})" for kind in kinds for name in suggest(kind, word)]
    advice = f"the nearest are {', '.join(nearest)}" if nearest else "icp-sync vocabulary lists all there are"
    raise NameUnknown(f"{word!r} is not among the {' or '.join(kinds)}; {advice}", details=nearest)
