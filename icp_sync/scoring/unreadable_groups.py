"""Undecided companies that lack a property group although something stands in one of its properties."""

from __future__ import annotations

import polars as pl

from icp_sync.scoring.program import Program
from icp_sync.scoring.purchase_groups import PropertyGroup
from icp_sync.scoring.purchase_simulation import lacks_group
from icp_sync.scoring.signatures import signature_names
from icp_sync.scoring.unrecognised_values import flags_of_property
from icp_sync.vocabulary.text_keys import has_content


def count_unreadable(evaluated: pl.DataFrame, undecided: pl.DataFrame, group: PropertyGroup, program: Program) -> int:
    """The companies that lack a group and have a text in it that says something nobody could read.

    `evaluated`: of `evaluate_predicates`; `undecided`: signatures with their answers. Words such as "N/A" say nothing,
    as in `count_unrecognised`.
    """
    names = signature_names(program.signature)
    flags = {
        name: pl.any_horizontal(columns) for name in group.properties if (columns := flags_of_property(name, evaluated))
    }
    if not flags:
        return 0
    lacking = undecided.lazy().filter(lacks_group(group)).select(names)
    flagged = evaluated.lazy().select(*names, *flags, **{f"{name}:flagged": flag for name, flag in flags.items()})
    # Collected before it is asked for content, or Polars asks that of every company instead of these few.
    concerned = flagged.filter(pl.any_horizontal(f"{name}:flagged" for name in flags)).join(lacking, names, "semi")
    contents = [pl.col(f"{name}:flagged") & has_content(pl.col(name)).fill_null(value=False) for name in flags]
    return int(concerned.collect().select(pl.any_horizontal(contents).sum()).item())
