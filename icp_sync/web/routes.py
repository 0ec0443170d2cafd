"""What the page asks and what it is answered."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from icp_sync.errors import EditRefused, IcpSyncError, ProfileInvalid
from icp_sync.views.error_json import error_document
from icp_sync.views.html.tune import page
from icp_sync.views.html.tune.answer_json import answer_document
from icp_sync.views.html.tune.page import SavePreview
from icp_sync.views.html.tune.whatif_answer import WhatIfAnswer
from icp_sync.web.forms import BodyTooLarge, PageRequest, read_page_request
from icp_sync.web.latest_request import LatestRequestQueue, RequestReplaced
from icp_sync.web.profile_saving import error_text, save_preview, save_profile
from icp_sync.web.whatif_session import EvaluatedProfile, WhatIfSession

_ASSETS: Final = {
    "/htmx.js": ("htmx.min.js", "text/javascript"),
    "/tune.js": ("tune.js", "text/javascript"),
    "/favicon.svg": ("favicon.svg", "image/svg+xml"),
}
"""Path → file of this package and its type; no path is ever made from what was asked."""
_SAVE: Final = "/save"
_STOP_POLLING: Final = 286
Endpoint = Callable[[Request], Awaitable[Response]]
OnFault = Callable[[Exception], str]
"""Keeps what is known of an unexpected exception, and returns the sentence a person reads."""


class WhatIfRoutes:
    """The endpoints of one workbench; `close` ends the server, `on_fault` keeps a fault of ours for a report."""

    def __init__(self, workbench: WhatIfSession, close: Callable[[], None], on_fault: OnFault) -> None:
        self._workbench, self._close, self._on_fault, self._turns = workbench, close, on_fault, LatestRequestQueue()

    def application(self) -> Starlette:
        """The application behind the guard."""
        routes = [
            Route("/", self._queued_endpoint(self._page), methods=["GET"]),
            Route("/work", self._queued_endpoint(self._controls_and_answer), methods=["GET"]),
            Route("/answer", self._queued_endpoint(self._answer), methods=["GET", "POST"]),
            Route("/review", self._queued_endpoint(self._show_save_preview), methods=["POST"]),
            Route(_SAVE, self._queued_endpoint(self._save), methods=["POST"]),
            Route("/file", self._poll_file, methods=["GET"]),
            Route("/close", self._close_page, methods=["POST"]),
            Route("/style.css", self._style, methods=["GET"]),
            *(Route(path, _asset_endpoint(*asset), methods=["GET"]) for path, asset in _ASSETS.items()),
        ]
        return Starlette(routes=routes, exception_handlers={Exception: self._handle_fault})

    def _queued_endpoint(self, job: Callable[[PageRequest, bool], Response]) -> Endpoint:
        """An endpoint that works out its answer in its turn; what cannot be answered is said in the page or as JSON."""

        async def endpoint(request: Request) -> Response:
            wants_json = "application/json" in request.headers.get("accept", "")
            try:
                asked = await read_page_request(request)
                # A newer question stands for an older one, but for no save.
                asker = f"{asked.tab} saves" if request.url.path == _SAVE else asked.tab
                return await self._turns.run_job(asker, lambda: job(asked, wants_json))
            except BodyTooLarge:
                return PlainTextResponse("a form here is smaller\n", status_code=413)
            except RequestReplaced:
                return Response(status_code=204)
            except IcpSyncError as error:
                message = error_text(error, self._workbench.last_profile)
                return _error_response(error, message, wants_json=wants_json, whole=request.url.path == "/")

        return endpoint

    def _page(self, asked: PageRequest, wants_json: bool) -> Response:  # noqa: FBT001
        bench = self._workbench.evaluate_current()
        if wants_json:
            return JSONResponse(answer_document(_answer_to(bench, asked)))
        answer, notice = _answer_without_misfits(bench, asked)
        return HTMLResponse(page.whatif_page(answer, bench.key, secrets.token_hex(8), notice))

    def _controls_and_answer(self, asked: PageRequest, _: bool) -> Response:  # noqa: FBT001
        bench, answer = self._answer_request(asked)
        return HTMLResponse(page.workbench_fragment(answer, bench.key))

    def _answer(self, asked: PageRequest, wants_json: bool) -> Response:  # noqa: FBT001
        _, answer = self._answer_request(asked)
        return JSONResponse(answer_document(answer)) if wants_json else HTMLResponse(page.answer_panels(answer))

    def _show_save_preview(self, asked: PageRequest, wants_json: bool) -> Response:  # noqa: FBT001
        bench, answer = self._answer_request(asked)
        return _saving_response(answer, save_preview(self._workbench, bench, answer), wants_json=wants_json)

    def _save(self, asked: PageRequest, wants_json: bool) -> Response:  # noqa: FBT001
        bench, answer = self._answer_request(asked)
        saving = save_profile(self._workbench, bench, answer, asked)
        if not saving.saved or wants_json or self._workbench.saves_elsewhere:
            return _saving_response(answer, saving, wants_json=wants_json)
        # The page goes on from the file as saved, with nothing moved.
        fresh = self._workbench.evaluate_current()
        return HTMLResponse(page.saved_fragment(fresh.answer({}), saving, fresh.key), headers={"HX-Trigger": "saved"})

    def _answer_request(self, asked: PageRequest) -> tuple[EvaluatedProfile, WhatIfAnswer]:
        bench = self._workbench.evaluated_text(asked.known)
        return bench, _answer_to(bench, asked)

    async def _handle_fault(self, _: Request, failure: Exception) -> Response:
        """What to do about a fault of ours; a traceback would show values of companies."""
        return PlainTextResponse(self._on_fault(failure), status_code=500)

    async def _poll_file(self, request: Request) -> Response:
        """Whether the file on disk is still the one the page stands on; asked every few seconds, and once it is not."""
        known = request.query_params.get("known", "")
        if await asyncio.to_thread(self._workbench.is_text_current, known):
            return Response(status_code=204)
        return HTMLResponse(page.file_changed_notice(), status_code=_STOP_POLLING)

    async def _close_page(self, _: Request) -> Response:
        self._close()
        return HTMLResponse(page.closed_page())

    async def _style(self, _: Request) -> Response:
        return Response(page.whatif_stylesheet(), media_type="text/css")


def _answer_to(bench: EvaluatedProfile, asked: PageRequest) -> WhatIfAnswer:
    """The answer to what is asked. Raises EditRefused and ProfileInvalid."""
    return bench.answer(asked.changed_values(bench.loaded.profile), asked.wanted_size())


def _answer_without_misfits(bench: EvaluatedProfile, asked: PageRequest) -> tuple[WhatIfAnswer, str]:
    """The answer to the address; without what does not fit the file (any more), and a sentence about that."""
    try:
        return _answer_to(bench, asked), ""
    except (EditRefused, ProfileInvalid) as error:
        why = error_text(error, bench.loaded.profile)
        return bench.answer({}), f"What the address moves does not fit the file and was left out: {why}"


def _saving_response(answer: WhatIfAnswer, saving: SavePreview, *, wants_json: bool) -> Response:
    if wants_json:
        document = {"saved": saving.saved, "file": saving.file, "diff": saving.diff, "problem": saving.problem or None}
        return JSONResponse(document)
    return HTMLResponse(page.save_panel(answer, saving))


def _error_response(error: IcpSyncError, message: str, *, wants_json: bool, whole: bool) -> Response:
    """The error as `message` beside the last figures, or alone where there is no page yet; a document for programs."""
    if wants_json:
        return JSONResponse(error_document(error), status_code=422)
    if whole:
        return HTMLResponse(page.failure_page(message), status_code=422)
    # A status of success, since htmx shows no other; the panels stay as they are.
    return HTMLResponse(page.problem_fragment(message), headers={"HX-Reswap": "none"})


def _asset_endpoint(name: str, media_type: str) -> Endpoint:
    content = (files("icp_sync.web") / "static" / name).read_bytes()

    async def endpoint(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return endpoint
