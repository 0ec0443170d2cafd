"""Company writes: HubSpot's checks on each value, and how it reports rejected ones."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from icp_sync.sandbox.api.record_reads import NOT_FOUND, RecordReads, Shown
from icp_sync.sandbox.error_responses import ApiError, bad_request, batch_error_entry, not_found
from icp_sync.sandbox.faults.fault_injection import Faults
from icp_sync.sandbox.store.history_sources import ChangeSource
from icp_sync.sandbox.store.object_types import COMPANIES
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.store.records import Records
from icp_sync.sandbox.store.value_checks import Scalar, ValueProblem, http_value_or_problem, invalid_value_message

_REQUIRED = "{name} is required because of a conditional property rule based on [{cause}]"


@dataclass(frozen=True, slots=True)
class WriteInput:
    """One record of a batch. `sent_id`: the id as the client sent it; `id` is negative when no record has it."""

    id: int
    properties: Mapping[str, Scalar]
    trace_id: str | None = None
    sent_id: str = ""

    @property
    def context(self) -> dict[str, list[str]]:
        return {"objectWriteTraceId": [self.trace_id]} if self.trace_id else {}


class CompanyWrites:
    """Single and batch updates and creations over HTTP; `source` is the app that makes them."""

    def __init__(
        self, records: Records, schema: PropertySchema, companies: RecordReads, faults: Faults, now: Callable[[], int]
    ) -> None:
        self._records = records
        self._schema = schema
        self._companies = companies
        self._faults = faults
        self._now = now
        self.unchanged_bumps = True

    def update_one(
        self, record_id: int, properties: Mapping[str, Scalar], source: ChangeSource, *, enforce_rules: bool = False
    ) -> Shown:
        row = self._records.row(self._records.survivor_id(record_id))
        if row is None:
            raise not_found("resource not found")
        values = self._checked_values(WriteInput(record_id, properties), enforce_rules=enforce_rules)
        self._write(row, values, self._now(), source)
        return self._companies.records_json([row], values)[0]

    def update(
        self, inputs: list[WriteInput], source: ChangeSource, *, enforce_rules: bool = False
    ) -> tuple[list[Shown], list[Shown]]:
        """What was written and what was not; a merged-away id is in neither."""
        if self._faults.nameless_refusals:
            self._faults.nameless_refusals -= 1
            raise bad_request("The request could not be processed because of a validation rule of this account.")
        rows = {write_input.id: self._records.row(write_input.id) for write_input in inputs}
        accepted, errors = self._check_inputs(
            [write_input for write_input in inputs if rows[write_input.id] is not None], enforce_rules=enforce_rules
        )
        now = self._now()
        written = []
        for write_input, values in accepted:
            row = rows[write_input.id]
            assert row is not None  # noqa: S101 (only inputs with a row were judged)
            self._write(row, values, now, source)
            written.append((row, write_input, values))
        unknown = [
            write_input
            for write_input in inputs
            if rows[write_input.id] is None and write_input.id not in self._records.merged_into
        ]
        return self._written_records(written), [*_missing_record_errors(unknown), *errors]

    def create(self, inputs: list[WriteInput], source: ChangeSource) -> tuple[list[Shown], list[Shown]]:
        """What was created and what was not."""
        accepted, errors = self._check_inputs(inputs)
        rows = self._records.append_records([values for _, values in accepted], self._now(), source)
        written = [(row, write_input, values) for row, (write_input, values) in zip(rows, accepted, strict=True)]
        return self._written_records(written), errors

    def _write(self, row: int, values: Mapping[str, str], now: int, source: ChangeSource) -> None:
        """Store the values; one that changes nothing moves hs_lastmodifieddate only with `unchanged_bumps`."""
        if self.unchanged_bumps or any(
            (value or None) != self._records.value_at(row, name) for name, value in values.items()
        ):
            self._records.write(row, values, now, source)

    def _check_inputs(
        self, inputs: list[WriteInput], *, enforce_rules: bool = False
    ) -> tuple[list[tuple[WriteInput, dict[str, str]]], list[Shown]]:
        """Accepted inputs and an error per rejected one; raises the first error unless every input has a trace id."""
        partial = all(write_input.trace_id for write_input in inputs)
        accepted, errors = [], []
        for write_input in inputs:
            try:
                accepted.append((write_input, self._checked_values(write_input, enforce_rules=enforce_rules)))
            except ApiError as refusal:
                if not partial:
                    raise
                message = str(refusal.body["message"])
                entry = batch_error_entry(str(refusal.body["category"]), message, write_input.context)
                errors.append({**entry, "errors": refusal.body["errors"]} if refusal.body.get("errors") else entry)
        return accepted, errors

    def _checked_values(self, write_input: WriteInput, *, enforce_rules: bool = False) -> dict[str, str]:
        """The values to store as text; raises a 400 with the problems. JSON null is ignored."""
        if write_input.id in self._faults.refused_companies:
            code, message = self._faults.refused_companies[write_input.id]
            raise bad_request(
                invalid_value_message([ValueProblem(next(iter(write_input.properties), ""), code, message)])
            )
        properties = {name: value for name, value in write_input.properties.items() if value is not None}
        checked = {
            name: self._check_unique(write_input.id, name, self._check_value(name, value))
            for name, value in properties.items()
        }
        problems = [value for value in checked.values() if isinstance(value, ValueProblem)]
        if problems:
            errors = [_problem_detail(problem) for problem in problems]
            raise bad_request(invalid_value_message(problems), errors=errors)
        values = {name: value for name, value in checked.items() if isinstance(value, str)}
        missing_values = self._missing_required(write_input.id, values) if enforce_rules else []
        if missing_values:
            raise bad_request(
                "The property values provided are invalid",
                errors=[_problem_detail(problem) for problem in missing_values],
            )
        return values

    def _missing_required(self, record_id: int, values: Mapping[str, str]) -> list[ValueProblem]:
        """The properties that conditional rules require for this write and that stay empty."""
        row = self._records.row(record_id)
        current = (
            {} if row is None else {name: self._records.value_at(row, name) for name in self._faults.conditional_rules}
        )
        return [
            ValueProblem(name, "MISSING_CONDITIONAL_REQUIRED_PROPERTY", _REQUIRED.format(name=name, cause=cause))
            for name, cause in self._faults.conditional_rules.items()
            if values.get(cause) and not {**current, **values}.get(name)
        ]

    def _check_value(self, name: str, value: Scalar) -> str | ValueProblem:
        definition = self._schema.definitions.get(name)
        if definition is None:
            return ValueProblem(name, "PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
        if definition.read_only or definition.calculated:
            message = f'"{name}" is a read only property; its value cannot be set.'
            return ValueProblem(name, "READ_ONLY_VALUE", message)
        if name in self._faults.refused_values:
            message = f"{value} was refused by a rule of this account."
            return ValueProblem(name, self._faults.refused_values[name], message)
        return http_value_or_problem(definition, value)

    def _check_unique(self, record_id: int, name: str, value: str | ValueProblem) -> str | ValueProblem:
        """The value, unless its property is to be unique and another live record has it."""
        definition = self._schema.definitions.get(name)
        if definition is None or not definition.has_unique_value or not value or isinstance(value, ValueProblem):
            return value
        ids, rows = self._records.live_ids_and_rows()
        is_equal = self._records.full_column(name).gather(pl.Series(rows, dtype=pl.UInt32)) == value
        holder_ids = pl.Series(ids, dtype=pl.Int64).filter(is_equal.fill_null(False))
        if holder_ids.is_empty() or record_id in holder_ids:
            return value
        return ValueProblem(name, "CONFLICTING_UNIQUE_VALUE", f"{value} is the {name} of {holder_ids[0]} already.")

    def _written_records(self, written: list[tuple[int, WriteInput, dict[str, str]]]) -> list[Shown]:
        """Every record with the properties it was sent, and the trace id when there was one."""
        names = list(dict.fromkeys(name for _, _, values in written for name in values))
        shown = self._companies.records_json([row for row, _, _ in written], names)
        for record, (_, write_input, _) in zip(shown, written, strict=True):
            record.update({"objectWriteTraceId": write_input.trace_id} if write_input.trace_id else {})
        return shown


def _missing_record_errors(inputs: Iterable[WriteInput]) -> list[Shown]:
    unknown = list(inputs)
    if not unknown:
        return []
    context = {"ids": [write_input.sent_id for write_input in unknown]}
    traces = [write_input.trace_id for write_input in unknown if write_input.trace_id]
    traced = {**context, "objectWriteTraceId": traces} if traces else context
    return [batch_error_entry("OBJECT_NOT_FOUND", NOT_FOUND.format(label=COMPANIES.label), traced)]


def _problem_detail(problem: ValueProblem) -> dict[str, object]:
    return {"message": problem.message, "code": problem.error, "context": {"propertyName": [problem.name]}}
