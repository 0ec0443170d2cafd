"""One route of the sandbox's own control API, handled with the portal locked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from icp_sync.sandbox.error_responses import ApiError
from icp_sync.sandbox.portal import SandboxPortal

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ControlRoute:
    """`handler` gets the portal, the JSON body (`{}` when none was sent) and the query, and returns the JSON to answer.

    None is answered with 204; ValueError, TypeError and LookupError with a 400 that has their message.
    """

    method: str
    path: str
    handler: Callable[[SandboxPortal, dict[str, Any], Query], Any]
    json_only: bool = False

    def build_endpoint(self, portal: SandboxPortal) -> Callable[[Request], Awaitable[Response]]:
        """The ASGI endpoint. `json_only` keeps web pages out: a browser needs a CORS preflight before it sends JSON."""

        async def answer(request: Request) -> Response:
            content = await request.body()
            if self.json_only and request.headers.get("content-type", "").partition(";")[0] != "application/json":
                return _bad_request("send this as application/json")
            try:
                body = orjson.loads(content) if content else {}
                if not isinstance(body, dict):
                    return _bad_request("a JSON object is expected")
                with portal.lock:
                    result = self.handler(portal, body, request.query_params)
            except KeyError as problem:
                return _bad_request(f"{problem} is missing")
            except (TypeError, ValueError, LookupError, ApiError) as problem:
                return _bad_request(str(problem))
            return Response(status_code=204) if result is None else JSONResponse(result)

        return answer


def _bad_request(message: str) -> Response:
    return JSONResponse({"message": message}, status_code=400)
