"""What predicates made of companies before, taken again for those whose texts are the same.

Taken from here or evaluated anew, the columns are equal: what they follow from is the texts, compared one by one, and
`evaluation_key`, under which they are kept. Predicates about days are evaluated every time
(`PredicateBatch.reads_dates`).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Final

import orjson
import polars as pl

from icp_sync.companies.frame import ID, is_among
from icp_sync.companies.row_changes import changed_ids, missing_ids
from icp_sync.companies.snapshot import drop_companies, upsert_rows
from icp_sync.scoring.program import Program

_JUDGING: Final = ("companies", "profile", "scoring", "vocabulary")
"""The rooms whose code and tables a verdict follows from."""
_LIBRARIES: Final = ("polars", "pycountry", "rapidfuzz")
"""The packages that read texts for them: of another version each may read one in another way, such as a country."""


@dataclass(frozen=True, slots=True)
class CachedEvaluations:
    """`columns`: `id` and what the batches that are not about days made of the company frame `texts`.

    Ids ascend; `columns` may lack companies of `texts`. `changed`: ids of companies of which the columns were made of
    other texts than these.
    """

    texts: pl.DataFrame
    columns: pl.DataFrame
    changed: pl.Series = field(default_factory=lambda: pl.Series(ID, [], dtype=pl.Int64))

    def with_newer_texts(
        self, before: pl.DataFrame, after: pl.DataFrame, texts: pl.DataFrame, program: Program
    ) -> CachedEvaluations:
        """The same beside newer texts; `before`, `after`: the rows, ids ascending, in which they differ from these."""
        return replace(self, texts=texts, changed=changed_ids(before, after, properties_read(program)))

    def changed_ids(self, companies: pl.DataFrame, program: Program) -> pl.Series:
        """The ids of `companies`, ids ascending, whose texts are others or whose columns are not cached."""
        changed = changed_ids(self.texts, companies, properties_read(program))
        known = self.changed.filter(is_among(self.changed, companies[ID]))
        return pl.concat([changed, known, missing_ids(companies[ID], self.columns[ID])]).unique().sort()

    def columns_without_companies(self, ids: pl.Series, companies: pl.DataFrame) -> pl.DataFrame:
        """The columns without those of the companies `ids`, and of whoever is not in `companies`, ids ascending.

        Whoever was deleted or merged away would else be kept, and counted, as long as the snapshot lives.
        """
        return drop_companies(self.columns, pl.concat([ids, missing_ids(self.columns[ID], companies[ID])]))


def take_or_evaluate(
    companies: pl.DataFrame,
    program: Program,
    cached: CachedEvaluations,
    evaluate: Callable[[pl.DataFrame], pl.DataFrame],
) -> pl.DataFrame:
    """`id` and the columns that `evaluate` makes of the company frame, evaluated only where they are not cached.

    All are evaluated where the ids do not ascend, or what is cached has other columns.
    """
    if not companies[ID].is_sorted():
        return evaluate(companies)
    changed = cached.changed_ids(companies, program)
    # Only what is looked at: to filter every column of a million companies takes as long as to judge the few.
    names = [name for name in properties_read(program) if name in companies.columns]
    evaluated = evaluate(companies.select(ID, *names).filter(pl.col(ID).is_in(changed.implode())))
    if cached.columns.schema != evaluated.schema:
        return evaluate(companies)
    return upsert_rows(cached.columns_without_companies(changed.clear(), companies), evaluated)


def properties_read(program: Program) -> tuple[str, ...]:
    """The properties whose texts the columns follow from, sorted."""
    return tuple(sorted(program.requirements.source_properties(program.profile)))


def evaluation_key(program: Program) -> str:
    """64 hex digits over all that the columns follow from beside a company's texts: profile, portal, tables, code.

    Another label is another key too: to evaluate everybody once more is cheaper than to say what labels do not touch.
    """
    conventions = program.context.conventions
    options = {
        name: {key: sorted(keys) for key, keys in by_name.items()} for name, by_name in conventions.options.keys.items()
    }
    content = [
        program.profile.model_dump(mode="json"),
        options,
        conventions.options.labels,
        sorted(conventions.numbers),
        conventions.zone,
        _library_versions(),
        _digest_of_code(),
    ]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


@cache
def _library_versions() -> list[str]:
    """Versions of what is not ours but reads texts: Unicode's tables come with Python."""
    return [unicodedata.unidata_version, *map(version, _LIBRARIES)]


@cache
def _digest_of_code() -> str:
    """A digest of the package's own files, since not everybody who edits them raises a version."""
    digest = hashlib.sha256()
    for name, file in sorted(scoring_code_files().items()):
        digest.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def scoring_code_files() -> dict[str, Traversable]:
    """Name → file of the package, of the code and tables that a verdict follows from."""
    return {
        name: file for room in _JUDGING for name, file in _walk_code_files(resources.files("icp_sync") / room, room)
    }


def _walk_code_files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from () if entry.name == "__pycache__" else _walk_code_files(entry, name)
        else:
            yield name, entry
