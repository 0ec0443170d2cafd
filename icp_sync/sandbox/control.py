"""The portal's remote control for benches and drills in another process: no token, not counted as calls."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .portal import SandboxPortal


def control_routes(portal: SandboxPortal) -> list[Route]:
    """Routes under `/sandbox`; a fault they cannot make is a 400 saying why."""

    async def calls(request: Request) -> Response:
        with portal.lock:
            with_log = request.query_params.get("log") == "true"
            return JSONResponse(portal.calls.shown(with_log=with_log))

    async def reset(_: Request) -> Response:
        with portal.lock:
            portal.calls.reset()
        return Response(status_code=204)

    async def add_fault(request: Request) -> Response:
        try:
            with portal.lock:
                portal.faults.add(**await request.json())
        except (TypeError, ValueError) as problem:
            return JSONResponse({"message": str(problem)}, status_code=400)
        return Response(status_code=204)

    async def clear_faults(_: Request) -> Response:
        with portal.lock:
            portal.faults.clear()
        return Response(status_code=204)

    async def edit(request: Request) -> Response:
        body = await request.json()
        try:
            portal.edit_company(body["id"], body["properties"])
        except (LookupError, ValueError) as problem:
            return JSONResponse({"message": str(problem)}, status_code=400)
        return Response(status_code=204)

    return [
        Route("/sandbox/calls", calls, methods=["GET"]),
        Route("/sandbox/calls/reset", reset, methods=["POST"]),
        Route("/sandbox/faults", add_fault, methods=["POST"]),
        Route("/sandbox/faults", clear_faults, methods=["DELETE"]),
        Route("/sandbox/companies/edit", edit, methods=["POST"]),
    ]
