"""Asks HubSpot's history when and by whom the inputs of companies newly held were emptied: one call, if any is."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import PROPERTY
from icp_sync.plan.emptied_inputs import ids_to_ask, join_who_emptied
from icp_sync.plan.held_inputs import Holding
from icp_sync.portal.companies.property_history import read_history
from icp_sync.runs.portal_session import PortalSession


def ask_who_emptied(session: PortalSession, holding: Holding, earlier: pl.DataFrame, scores: pl.DataFrame) -> Holding:
    """The holding with what the history of the 50 best newly held tells; the same where nobody is new, and offline.

    `earlier`: the holds of the last reading. `scores`: the scored frame.
    """
    # Offline too there are new ones: by an edited profile another lost input decides.
    ids = [] if session.offline else ids_to_ask(holding.open, earlier, scores)
    if not ids:
        return holding
    names = holding.open.filter(pl.col(ID).is_in(ids))[PROPERTY].unique().sort().to_list()
    return replace(holding, holds=join_who_emptied(holding.holds, read_history(session.connection, ids, names)))
