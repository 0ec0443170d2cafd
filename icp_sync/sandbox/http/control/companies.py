"""Control routes for companies and static lists: the edits of other users during a run, single or many at once."""

from collections.abc import Mapping
from typing import Any

from icp_sync.sandbox.http.control.control_route import ControlRoute, Query
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.store.history_sources import ChangeSource, parse_source

Body = dict[str, Any]


def _create(portal: SandboxPortal, body: Body, _: Query) -> Body:
    """`{"companies": [{property: value}], "source"?}`; answers with the ids."""
    return {"ids": portal.create_companies(body["companies"], _parse_source(body))}


def _edit(portal: SandboxPortal, body: Body, _: Query) -> None:
    """`{"id", "properties"}`, or `{"companies": [...]}` of such, all changed at the same time, and `"source"?`."""
    companies = body.get("companies") or [body]
    portal.edit_companies({company["id"]: company["properties"] for company in companies}, _parse_source(body))


def _parse_source(body: Body) -> ChangeSource:
    """Who edits: a name of `SOURCES`, or `{"type", "id"?, "label"?, "user"?}`; a person unless told."""
    return parse_source(body.get("source", "person"))


def _archive(portal: SandboxPortal, body: Body, _: Query) -> None:
    """`{"ids": [...]}`; all or none."""
    portal.archive(*body["ids"])


def _restore(portal: SandboxPortal, body: Body, _: Query) -> None:
    """`{"ids": [...]}`; all or none."""
    portal.restore(*body["ids"])


def _merge(portal: SandboxPortal, body: Body, _: Query) -> Body:
    """`{"primary", "merged", "new_id"?}`, or `{"merges": [...]}` of such; answers with the survivors' ids."""
    return {"ids": [_merge_pair(portal, merge) for merge in body.get("merges") or [body]]}


def _merge_pair(portal: SandboxPortal, merge: Mapping[str, Any]) -> int:
    return portal.merge(merge["primary"], merge["merged"], new_id=merge.get("new_id") is True)


def _change_list_members(portal: SandboxPortal, body: Body, _: Query) -> None:
    """`{"list", "add"?, "remove"?}`: the list by id or name, company ids."""
    portal.change_list_members(body["list"], body.get("add") or (), body.get("remove") or ())


EDITING = (
    ControlRoute("POST", "/companies/create", _create),
    ControlRoute("POST", "/companies/edit", _edit),
    ControlRoute("POST", "/companies/archive", _archive),
    ControlRoute("POST", "/companies/restore", _restore),
    ControlRoute("POST", "/companies/merge", _merge),
    ControlRoute("POST", "/lists/members", _change_list_members),
)
