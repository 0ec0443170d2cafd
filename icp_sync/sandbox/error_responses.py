"""HubSpot's error responses: status, category and body."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

Body = dict[str, object]


class ApiError(Exception):
    """Carries the status and the error body of one refused call."""

    def __init__(
        self,
        status: int,
        message: str,
        category: str = "VALIDATION_ERROR",
        *,
        sub_category: str | None = None,
        **more: object,
    ) -> None:
        """`more` are other keys of the body, such as `errors` and `context`; what is empty is left out."""
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.body: Body = {"status": "error", "message": message, "correlationId": str(uuid4())}
        keys = {"category": category, "subCategory": sub_category, **more}
        self.body.update({key: value for key, value in keys.items() if value})


def bad_request(message: str, **more: object) -> ApiError:
    """400: the call is not one HubSpot accepts."""
    return ApiError(400, message, **more)  # type: ignore[arg-type]


def not_found(message: str, **more: object) -> ApiError:
    """404: nothing of that name or id."""
    return ApiError(404, message, "OBJECT_NOT_FOUND", **more)  # type: ignore[arg-type]


def batch_error_entry(category: str, message: str, context: Mapping[str, Sequence[str]]) -> Body:
    """One entry of `errors` in a 207, with every key the official models insist on."""
    return {
        "status": "error",
        "category": category,
        "message": message,
        "context": context,
        "errors": [],
        "links": {},
    }
