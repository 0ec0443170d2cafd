"""Panel 11: what people and accidents set against the profile: locks, foreign tiers, overrides, refusals, drift."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from icp_sync.plan.document.named_companies import Quarantined, Refusal
from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.plan.document.run_sections import HeldInputs
from icp_sync.plan.who_emptied_inputs import EmptiedInput
from icp_sync.views.html import words
from icp_sync.views.html.panels.panel import Panel


@dataclass(frozen=True, slots=True)
class ExceptionKind:
    """A kind of exception: how many companies, what it means, and the command that lists or ends it."""

    name: str
    companies: int
    meaning: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class RecordNote:
    """A record that was not written, why, and since when."""

    id: str
    reason: str
    since: str


@dataclass(frozen=True, slots=True)
class NamedRecords:
    """Records of one kind, at most fifty of `total`."""

    title: str
    records: tuple[RecordNote, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ExceptionsPanel(Panel):
    """All kinds with their counts, and the records that are named."""

    kinds: tuple[ExceptionKind, ...]
    named: tuple[NamedRecords, ...]


def build(document: ReportDocument) -> ExceptionsPanel:
    """Everything that stands against the profile after the run."""
    kinds = tuple(kind for kind in _kinds(document) if kind.companies)
    return ExceptionsPanel(
        finding=_finding_sentence(document, kinds),
        empty=not kinds,
        kinds=kinds,
        named=tuple(_unwritten_record_groups(document)),
    )


def _kinds(document: ReportDocument) -> Iterator[ExceptionKind]:
    people, overrides, pins = document.people, document.overrides, document.pins
    below = "; named below" if people.locked_named else ""
    yield ExceptionKind("Locked", people.locked, f"the profile's lock property keeps their tier{below}")
    yield ExceptionKind("Foreign", people.foreign, "a tier or flag stood there before us, and is left as it is")
    moved = f"{overrides.opened:,} new, {overrides.ended:,} ended in this run"
    yield ExceptionKind(
        "Overrides", people.overrides, f"people or automations set tier or flag ({moved})", "icp-sync overrides"
    )
    # The command that looks, not `release --lost`: that one gives the values up.
    lost = _vanished_inputs_sentence(document.held)
    yield ExceptionKind("Held inputs", people.held, lost, "icp-sync overrides")
    on, off = pins.get("in", 0), pins.get("out", 0)
    yield ExceptionKind(
        "Pins", people.pins, f"people put {on:,} on static lists and took {off:,} off them", "icp-sync overrides"
    )
    yield ExceptionKind(
        "Quarantined", document.quarantined_total, "HubSpot refused them before", "icp-sync retry-failed"
    )
    yield ExceptionKind("Refused", document.rejected_total, "HubSpot refused them in this run", "icp-sync retry-failed")
    yield ExceptionKind("Skipped", document.skipped_total, "edited, gone or not shown by HubSpot since the plan")


def _vanished_inputs_sentence(inputs: HeldInputs) -> str:
    """Which inputs vanished, of how many companies, and by whom as far as that is known."""
    emptied = {
        item.property: EmptiedInput(item.property, item.companies, item.at, item.by).sentence for item in inputs.emptied
    }
    lost = words.join_names(f"{name} of {count:,}" for name, count in inputs.properties.items() if name not in emptied)
    outage = f"in an outage: {words.join_names(inputs.outages)}" if inputs.outages else ""
    facts = "; ".join(fact for fact in (lost, *emptied.values(), outage) if fact)
    return f"an input vanished and still counts{f': {facts}' if facts else ''}"


def _finding_sentence(document: ReportDocument, kinds: tuple[ExceptionKind, ...]) -> str:
    uncounted = "" if document.is_counted else "; locks were not counted for this run"
    if not kinds:
        return f"Nobody and nothing{' else' if uncounted else ''} stands against the profile{uncounted}."
    return f"{words.join_names(map(_count_words, kinds), len(kinds))}{uncounted}."


def _count_words(kind: ExceptionKind) -> str:
    """`1 override`, `2 locked`."""
    name = kind.name.lower()
    return f"{kind.companies:,} {name.removesuffix('s') if kind.companies == 1 else name}"


def _unwritten_record_groups(document: ReportDocument) -> Iterator[NamedRecords]:
    locked = tuple(RecordNote(one.id, words.company(one), "its lock is set") for one in document.people.locked_named)
    quarantined = tuple(_quarantined_record_note(entry) for entry in document.quarantined)
    for title, records, total in (
        ("Locked", locked, document.people.locked),
        ("Quarantined", quarantined, document.quarantined_total),
        ("Refused", _refusal_notes(document.rejected), document.rejected_total),
        ("Skipped since they drifted", _refusal_notes(document.skipped), document.skipped_total),
    ):
        if records:
            yield NamedRecords(title, records, total)


def _quarantined_record_note(entry: Quarantined) -> RecordNote:
    return RecordNote(entry.id, entry.reason, entry.since[:10] or "an earlier run")


def _refusal_notes(refusals: tuple[Refusal, ...]) -> tuple[RecordNote, ...]:
    return tuple(RecordNote(refusal.id, refusal.reason, "this run") for refusal in refusals)
