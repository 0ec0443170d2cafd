"""HubSpot's error responses: status, category and body."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

Body = dict[str, object]


class Refusal(Exception):
    """Carries the status and the error body of one refused call."""

    def __init__(  # noqa: PLR0913 (the keys of the body)
        self,
        status: int,
        message: str,
        category: str = "VALIDATION_ERROR",
        *,
        sub_category: str | None = None,
        errors: Sequence[Mapping[str, object]] = (),
        context: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: Body = {"status": "error", "message": message, "correlationId": str(uuid4())}
        optional = {
            "category": category,
            "subCategory": sub_category,
            "errors": list(errors),
            "context": context,
        }
        self.body.update({key: value for key, value in (optional | more).items() if value})


def invalid(message: str, **more: object) -> Refusal:
    """400: the call is not one HubSpot accepts."""
    return Refusal(400, message, **more)  # type: ignore[arg-type]


def missing(message: str, **more: object) -> Refusal:
    """404: nothing of that name or id."""
    return Refusal(404, message, "OBJECT_NOT_FOUND", **more)  # type: ignore[arg-type]


def standard_error(category: str, message: str, context: Mapping[str, Sequence[str]]) -> Body:
    """One entry of `errors` in a 207, with every key the official models insist on."""
    return {
        "status": "error",
        "category": category,
        "message": message,
        "context": context,
        "errors": [],
        "links": {},
    }
