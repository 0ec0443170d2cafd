"""Looks at the contacts of accounts whose buying committee is written; a contact is forgotten once it is counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.errors import PortalError, PortalUnavailable, ScopeMissing
from icp_sync.plan import buying_committee as committees
from icp_sync.plan.buying_committee import CONTACTS_PER_CALL, LOOKED_AT
from icp_sync.plan.company_memory import KnownCommittee
from icp_sync.plan.plurals import count_noun
from icp_sync.portal import contacts as contacts_api
from icp_sync.profile.model.personas import Personas
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.property_reads import CONTACT_COUNTS
from icp_sync.runs.daily_ceiling import quota_left_today
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.scoring.personas import (
    COMPANY,
    CONTACT,
    CONTACTS,
    LINKS,
    PERSONAS,
    contact_properties,
    missing_persona_properties,
    personas_by_company,
)
from icp_sync.state.store import StateStore

COMPANIES_AT_A_TIME: Final = 25_000
"""So many companies' contacts are in memory together; what a call that fails can undo."""
_SHARE_OF_DAY: Final = 2
"""Contacts may take a half of the calls left today: the tiers are written after them."""


def committee_personas(profile: Profile) -> Personas | None:
    """The personas, None where nothing of a committee is written."""
    personas = profile.personas
    return personas if personas is not None and personas.write.properties() else None


def uses_hubspot_counts(personas: Personas, defined: Collection[str]) -> bool:
    """Whether HubSpot's own counts on companies answer, with no contact read; `defined`: properties of the portal."""
    return committees.hubspot_counts_suffice(personas) and CONTACT_COUNTS[1] in defined


def refresh_committees(scored: ScoredCompanies) -> ScoredCompanies:
    """Look at the contacts of the companies that are due, and remember what was counted; notes for the report.

    A portal that does not let contacts be read stops no run: what is known stays, and a note says so.
    """
    source, personas = scored.source, committee_personas(scored.source.profile)
    if personas is None or uses_hubspot_counts(personas, source.preflight.definitions):
        return scored
    store, digest = source.profile_run.store.committees, committees.personas_digest(source.profile)
    known, tiers = store.load(digest), _effective_tiers(scored)
    look = _ContactReading(scored, personas, tiers, known)
    try:
        look.read_due_contacts()
    finally:
        # Also where the run is stopped: what was looked at need not be looked at again.
        if not look.known.equals(known):
            store.save(look.known, digest)
    return replace(scored, notes=(*scored.notes, *look.notes))


def known_committee_texts(scored: ScoredCompanies) -> pl.DataFrame | None:
    """`id`, `committee` and `missing` of every company in scope, by what is known; None where none is written."""
    source, personas = scored.source, committee_personas(scored.source.profile)
    if personas is None:
        return None
    store = source.profile_run.store
    tiers = _effective_tiers(scored)
    known = known_committees(store, source.profile, personas, source.preflight.definitions, tiers)
    return committees.committee_texts(tiers, known, personas)


def known_committees(
    store: StateStore, profile: Profile, personas: Personas, defined: Collection[str], tiers: pl.DataFrame
) -> pl.DataFrame:
    """`id`, `contacts` and `personas` of the companies of `tiers` (`effective_tiers`) of which they are known."""
    if uses_hubspot_counts(personas, defined):
        return committees.committees_by_hubspot_counts(tiers, personas)
    return store.committees.load(committees.personas_digest(profile))


def committees_by_company(
    store: StateStore, profile: Profile, defined: Collection[str], tiers: pl.DataFrame
) -> dict[int, KnownCommittee]:
    """Company id → its committee as far as it is known, of the companies of `tiers` that are looked after."""
    personas = committee_personas(profile)
    if personas is None:
        return {}
    known = known_committees(store, profile, personas, defined, tiers)
    texts = committees.committee_texts(tiers, known, personas).filter(pl.col("committee") != "")
    rows = with_missing_columns(texts.join(known, on=ID, how="left"), [LOOKED_AT]).iter_rows(named=True)
    return {
        row[ID]: KnownCommittee(
            row["committee"],
            tuple(row["missing"].split("; ")) if row["missing"] else (),
            row[CONTACTS],
            row[LOOKED_AT],
        )
        for row in rows
    }


def _effective_tiers(scored: ScoredCompanies) -> pl.DataFrame:
    return committees.effective_tiers(scored.companies, scored.scores.frame, scored.source.profile)


class _ContactReading:
    """One run's look at contacts: `known` grows by each portion that was read whole; `notes` say what was not."""

    def __init__(self, scored: ScoredCompanies, personas: Personas, tiers: pl.DataFrame, known: pl.DataFrame) -> None:
        # Of companies that left these tiers nothing is kept, also on a night when no contact is read.
        self.known, self.notes = (
            committees.update_known_committees(known, known.clear(), tiers, personas),
            tuple[str, ...](),
        )
        self._personas, self._tiers, self._program = personas, tiers, scored.source.program
        self._session = scored.source.profile_run.session
        self._connection = self._session.connection
        left = quota_left_today(self._connection).left
        self._most = personas.most_calls if left is None else min(personas.most_calls, left // _SHARE_OF_DAY)
        self._began = self._connection.calls.total
        self._not_shown = 0
        self._names = contact_properties(personas, self._program)

    def read_due_contacts(self) -> None:
        """Look at the companies that are due, as far as the calls go."""
        due = committees.companies_to_count_next(self._tiers, self.known, self._personas, self._session.now)
        tonight = committees.limit_by_calls(due, self._most)
        if tonight.height:
            self._session.progress.stage("contacts", int(tonight["expected"].sum()))
        try:
            seen = sum(self._read_portion(portion) for portion in tonight.iter_slices(COMPANIES_AT_A_TIME))
        except PortalError as error:
            self.notes = (f"contacts were not read, so committees stay as they are: {_refusal_reason(error)}",)
            return
        finally:
            if self._not_shown:
                which = count_noun(self._not_shown, "company", "companies")
                note = f"HubSpot could not show all contacts of {which}, whose committee stays as it is for now"
                self.notes = (*self.notes, note)
        if seen < due.height:
            limit = f"{self._most:,} calls a run (personas.most_calls, and half of the day's)"
            self.notes = (
                *self.notes,
                f"the contacts of {due.height - seen:,} companies wait for the next night: {limit}",
            )

    def _read_portion(self, portion: pl.DataFrame) -> int:
        """Read the contacts of these companies, as far as the calls go; how many companies were looked at."""
        if self._calls_left() <= 0 or portion.is_empty():
            return 0
        pairs = contacts_api.read_contact_links(self._connection, portion[ID].to_list())
        links = pl.DataFrame(pairs, LINKS, orient="row").unique()
        chosen = committees.limit_by_contact_budget(portion, links, max(self._calls_left(), 0) * CONTACTS_PER_CALL)
        links = links.join(chosen, left_on=COMPANY, right_on=ID, how="semi")
        ids = links[CONTACT].unique().to_list()
        contacts = contacts_api.read_contacts(self._connection, ids, self._names, self._session.progress.advance)
        # HubSpot leaves a name it does not know out of its answer without a word (hubspot-api.md, section 2.1); with
        # such a property nobody would have a role.
        if lacking := missing_persona_properties(self._personas, contacts.absent):
            raise PortalUnavailable(
                f"this portal shows no contact property {', '.join(lacking)}, which `personas` reads"
            )
        counted = personas_by_company(self._personas, links, contacts.frame, self._program)
        # Without a contact that may be there a committee could be counted as less than it is; it stays due.
        hidden = links.filter(pl.col(CONTACT).is_in(list(contacts.unread)))
        shown = chosen.join(hidden, left_on=ID, right_on=COMPANY, how="anti")
        self._not_shown += chosen.height - shown.height
        rows = shown.join(counted, on=ID, how="left").with_columns(
            pl.col(CONTACTS).fill_null(0),
            pl.col(PERSONAS).fill_null(pl.lit([], pl.List(pl.String))),
            pl.lit(self._session.now).alias(LOOKED_AT),
        )
        self.known = committees.update_known_committees(self.known, rows, self._tiers, self._personas)
        return chosen.height

    def _calls_left(self) -> int:
        return self._most - (self._connection.calls.total - self._began)


def _refusal_reason(error: PortalError) -> str:
    if isinstance(error, ScopeMissing):
        return "`personas` needs crm.objects.contacts.read, which the access token lacks; add it to the service key"
    return error.message
