"""`icp-sync vocabulary [KIND] [WORD]`: the names a profile may use, and what a name covers."""

from __future__ import annotations

from collections.abc import Sequence

import click

from icp_sync.cli.options import CommonOptions, common_options, hide_options
from icp_sync.cli.output import print_document, print_view
from icp_sync.errors import NameUnknown
from icp_sync.views.vocabulary import entries_document, entries_view, names_document, names_view
from icp_sync.vocabulary.vocabulary_listing import (
    KINDS,
    Kind,
    VocabularyEntry,
    find_entry,
    nearest_names_of_kind,
    shipped_names,
)


@click.command("vocabulary")
@click.argument("terms", nargs=-1, metavar="[technologies|industries|regions|countries] [WORD]")
@hide_options("profiles", "state", "quiet")
@common_options
def vocabulary_command(*, common: CommonOptions, terms: tuple[str, ...]) -> int:
    """List the shipped technologies, industries, regions and countries; with WORD, what that name covers.

    A name covers its other spellings, the members of a group or region, and the products of a vendor. Without a kind
    WORD is looked for in all four; where no name is like it, the nearest are shown and the command ends in 1.

    \b
    Example: icp-sync vocabulary industries
    Example: icp-sync vocabulary technologies sap
    Example: icp-sync vocabulary New England
    """
    kinds, wanted = _parse_terms(terms)
    if not wanted:
        listed: dict[str, Sequence[str]] = {kind: shipped_names(kind) for kind in kinds}
        if common.as_json:
            print_document(names_document(listed))
        else:
            print_view(names_view(listed))
        return 0
    entries = _require_entries(kinds, wanted)
    if common.as_json:
        print_document(entries_document(entries))
    else:
        print_view(entries_view(entries))
    return 0


def _parse_terms(terms: Sequence[str]) -> tuple[Sequence[Kind], str]:
    """The kinds to look in, and the name to look for; "" if none is given."""
    chosen = [kind for kind in KINDS if terms and kind == terms[0].lower()]
    return chosen or KINDS, " ".join(terms[1:] if chosen else terms)


def _require_entries(kinds: Sequence[Kind], word: str) -> list[VocabularyEntry]:
    """The entries of a name. Raises NameUnknown with the most similar names."""
    entries = [match for kind in kinds if (match := find_entry(kind, word)) is not None]
    # A country is a region of one country; said once.
    named = [one for one in entries if one.kind != "regions" or one.covers or len(entries) == 1]
    if named:
        return named
    nearest = [f"{name} ({kind})" for kind in kinds for name in nearest_names_of_kind(kind, word)]
    advice = f"the nearest are {', '.join(nearest)}" if nearest else "icp-sync vocabulary lists all there are"
    raise NameUnknown(f"{word!r} is not among the {' or '.join(kinds)}; {advice}", details=nearest)
