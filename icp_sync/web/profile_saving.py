"""Saving what was moved: shown first, then written, and with failing tests only by a second, named click."""

from __future__ import annotations

from dataclasses import replace

from icp_sync.errors import EditRefused, IcpSyncError, ProfileChanged, StateUnusable
from icp_sync.profile.edits.review_insertion import add_review
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.model.profile import Profile
from icp_sync.views.html.tune.page import SavePreview
from icp_sync.views.html.tune.path_words import path_in_words
from icp_sync.views.html.tune.whatif_answer import WhatIfAnswer
from icp_sync.web.forms import PageRequest
from icp_sync.web.whatif_session import EvaluatedProfile, WhatIfSession, content_key

OUTDATED = "what you moved is not what was shown any more; look at it again"


def save_preview(workbench: WhatIfSession, bench: EvaluatedProfile, answer: WhatIfAnswer) -> SavePreview:
    """What would be saved, or why it cannot be."""
    file = str(workbench.save_path(bench))
    try:
        edited = bench.edited_text(answer.edits)
    except EditRefused as refused:
        return SavePreview(file, "", "", error_text(refused, bench.loaded.profile))
    problem = "" if bench.file.is_current() else "the file changed since this page read it; load it again first"
    return SavePreview(file, bench.text_diff(edited), content_key(edited.encode()), problem)


def save_profile(
    workbench: WhatIfSession, bench: EvaluatedProfile, answer: WhatIfAnswer, asked: PageRequest
) -> SavePreview:
    """Write what was shown, and say so; else what stands in the way, or what the second click is asked for."""
    saving = replace(save_preview(workbench, bench, answer), reviewer=asked.reviewer, note=asked.note)
    if asked.seen != saving.key:
        return replace(saving, problem=saving.problem or OUTDATED)
    if saving.problem:
        return saving
    try:
        edited = _text_with_review(bench, answer, asked)
        if edited == bench.edited_text({}) or (answer.failed_tests and asked.although != str(len(answer.failed_tests))):
            return replace(saving, warned=True)
        workbench.save(bench, edited)
    except (EditRefused, ProfileChanged, StateUnusable) as error:
        return replace(saving, problem=error_text(error, bench.loaded.profile))
    return replace(saving, saved=True)


def _text_with_review(bench: EvaluatedProfile, answer: WhatIfAnswer, asked: PageRequest) -> str:
    """The edited text, with the review that somebody signs. Raises EditRefused."""
    edited, signed = bench.edited_text(answer.edits), asked.review(bench.snapshot.as_of)
    return add_review(edited, signed, str(bench.file.path)) if signed else edited


def error_text(error: IcpSyncError, profile: Profile | None = None) -> str:
    """The error for the page: what is wrong where, without the file's name, which stands above.

    `profile`: the one in the file, whose names tell where; None where it is not known.
    """
    findings = [detail for detail in error.details if isinstance(detail, LocatedFinding)]
    if findings:
        return "; ".join(f"{path_in_words(finding.path, profile)}: {finding.message}" for finding in findings)
    details = [str(detail) for detail in error.details]
    return "; ".join([error.message, *(detail for detail in details if detail not in error.message)])
