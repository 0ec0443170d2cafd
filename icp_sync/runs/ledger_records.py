"""A run as the ledger keeps it: when it begins to write, and once it has ended."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import replace
from importlib.metadata import version

from icp_sync.plan.plan import Plan
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.run_report import RunReport
from icp_sync.runs.profile_run import ProfileRun


def run_begin_record(profile_run: ProfileRun, plan: Plan) -> RunRecord:
    """The record of a run that is about to apply `plan`."""
    session, lease = profile_run.session, profile_run.store.lease
    options = session.options
    return RunRecord(
        run_id=profile_run.run_id,
        portal_id=plan.origin.portal_id,
        profile=plan.origin.profile_name,
        command=options.command,
        started_at=session.now,
        host=socket.gethostname(),
        os_user=_user_name(),
        because=options.because,
        undoes=plan.origin.undoes,
        version=version("icp-sync"),
        digest=profile_run.loaded.digest,
        whole=profile_run.loaded.file_digest,
        as_of=plan.origin.as_of,
        fingerprint=plan.fingerprint,
        plan_of=plan.origin.run_id if plan.origin.run_id != profile_run.run_id else None,
        read=plan.population.read,
        scored=plan.population.scored,
        changes=plan.changes.height,
        of_some=plan.origin.opens_overrides or options.limit is not None or options.retry_failed,
        allowed=tuple(sorted(profile_run.allowed_names | set(plan.allowed))),
        guardrails=tuple(
            {"name": check.name, "list": check.list_name, "part": check.part, "whole": check.whole,
             "limit": float(check.limit), "blocks": check.blocks}
            for check in plan.guardrails
        ),
        causes=dict(plan.changes["cause"].value_counts(sort=True).iter_rows()) if plan.changes.height else {},
        epoch=lease.epoch if lease else None,
    )  # fmt: skip


def run_end_record(profile_run: ProfileRun, report: RunReport) -> RunRecord:
    """The record of a run that has come to its end, whatever its exit code."""
    applied, error = report.applied, report.error
    return replace(
        run_begin_record(profile_run, report.plan),
        ended_at=profile_run.current_time(),
        written=applied.companies,
        already=applied.unchanged,
        skipped=len(applied.skipped),
        rejected=len(applied.rejected),
        # An undo reads only whom it concerns, and no verdict was given: what it leaves is no last look at the portal.
        complete=report.refused is None and applied.stopped is None and report.plan.origin.undoes is None,
        exit_code=report.exit_code,
        error=error.code if error else None,
        calls=report.calls,
        seconds=round(report.seconds, 1),
    )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id the machine does not know: usual on OpenShift
        return str(os.getuid())
