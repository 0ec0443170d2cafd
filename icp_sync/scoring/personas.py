"""Which personas the contacts of companies are: a frame of contacts goes in, ids of personas by company come out."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.profile.model.personas import Personas
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.list_filter import match_verdict, program_for_other_records
from icp_sync.scoring.program import Program

COMPANY: Final = "company"
CONTACT: Final = "contact"
LINKS: Final = pl.Schema({COMPANY: pl.Int64(), CONTACT: pl.Int64()})
"""A contact of a company; a contact of several companies has a row for each."""
CONTACTS: Final = "contacts"
PERSONAS: Final = "personas"


def contact_properties(personas: Personas, program: Program) -> tuple[str, ...]:
    """The properties of contacts that recognise the personas."""
    profile = program_for_other_records(program).profile
    needs = Requirements.for_questions([(None, persona.match) for persona in personas.people], profile)
    return tuple(sorted(needs.source_properties(profile)))


def persona_properties(personas: Personas) -> frozenset[str]:
    """The properties the personas name."""
    leaves = (leaf for persona in personas.people for leaf in persona.match.leaves())
    return frozenset(name for leaf in leaves for name in leaf.own_properties)


def missing_persona_properties(personas: Personas, absent: frozenset[str]) -> tuple[str, ...]:
    """The properties the personas name that none can be read from, given those that are not there."""
    named = [leaf.own_properties for persona in personas.people for leaf in persona.match.leaves()]
    return tuple(dict.fromkeys(" or ".join(names) for names in named if absent.issuperset(names)))


def personas_by_company(
    personas: Personas, links: pl.DataFrame, contacts: pl.DataFrame, program: Program
) -> pl.DataFrame:
    """One row a company of `links` (`LINKS`), sorted: `id`, `contacts` (how many were read), `personas` (their ids).

    `contacts`: a frame like that of companies, `id` and texts. A contact is a persona only where its match is certain.
    """
    texts = with_missing_columns(contacts, contact_properties(personas, program))
    judged = program_for_other_records(program)
    met = {persona.id: match_verdict(texts, None, persona.match, judged).fill_null(value=False)
           for persona in personas.people}  # fmt: skip
    known = texts.select(pl.col(ID).alias(CONTACT)).with_columns(met[name].alias(name) for name in met)
    rows = links.join(known.with_columns(read=True), on=CONTACT, how="left")
    # A contact archived or merged away since it was linked was not read, and counts for nobody.
    counted = rows.group_by(COMPANY).agg(pl.col("read").sum().cast(pl.Int64).alias(CONTACTS), pl.col(list(met)).any())
    ids = pl.concat_list(pl.when(name).then(pl.lit(name)) for name in met).list.drop_nulls()
    return counted.select(pl.col(COMPANY).alias(ID), CONTACTS, ids.alias(PERSONAS)).sort(ID)
