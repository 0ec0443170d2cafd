"""Who may ask the what-if page, and how much."""

from __future__ import annotations

from pathlib import Path

import pytest

from icp_sync.web.guard import ENTRY, MAX_BODY, MAX_QUERY
from tests.web.conftest import CANARY, Browser, Serving, open_workbench

PATHS = ("/", "/answer", "/work", "/file", "/style.css", "/htmx.js", "/tune.js", "/favicon.svg")


@pytest.mark.parametrize("path", PATHS)
def test_who_did_not_open_the_printed_address_gets_nothing(stranger: Browser, path: str) -> None:
    reply = stranger.get(path)
    assert (reply.status, reply.text) == (403, "open the address that icp-sync tune printed; it lets this browser in\n")


def test_the_token_is_swapped_for_a_cookie_no_script_and_no_other_site_can_use(stranger: Browser) -> None:
    reply = stranger.enter("?criteria.country.weight=70")
    assert (reply.status, reply.headers["location"]) == (303, "/?criteria.country.weight=70")
    name, _, attributes = reply.headers["set-cookie"].partition("=")
    assert name.endswith(stranger.authority.partition(":")[2])  # cookies know no ports
    assert attributes.partition("; ")[2] == "HttpOnly; Path=/; SameSite=strict"
    token = stranger.server.guard.token
    assert len(token) == 64
    page = stranger.get("/?criteria.country.weight=70")
    assert page.status == 200
    assert token not in page.text + str(page.headers) + str(reply.headers)


@pytest.mark.parametrize("token", ["", "0" * 64, "%00", "../" * 5, "x" * 1_000, "%0d%0aSet-Cookie:a=b"])
def test_another_token_lets_nobody_in(stranger: Browser, token: str) -> None:
    reply = stranger.get(f"{ENTRY}{token}")
    assert reply.status == 403
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]", ""])
def test_a_name_that_was_rebound_to_this_machine_is_refused(browser: Browser, host: str) -> None:
    for path in ("/", browser.server.guard.address.partition(browser.authority)[2]):
        assert browser.get(path, host=host).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_another_site_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/"), ("POST", "/answer"), ("POST", "/save"), ("POST", "/close")):
        assert browser.ask(method, path, b"", **headers).status == 403
    assert browser.get("/").status == 200


def test_a_post_without_the_cookie_is_refused(stranger: Browser) -> None:
    for path in ("/answer", "/review", "/save", "/close"):
        assert stranger.post(path, {"criteria.country.weight": "1"}).status == 403


def test_the_cookie_of_another_page_lets_nobody_in(browser: Browser, pages: Serving, folder: Path) -> None:
    other = pages.serve(open_workbench(folder))
    other.cookie = browser.cookie
    assert other.get("/").status == 403


def test_ten_megabytes_are_too_much(browser: Browser) -> None:
    assert browser.ask("POST", "/answer", b"", content_length="10000000").status == 413
    assert browser.get("/").status == 200


def test_a_body_that_names_no_length_is_cut_off(browser: Browser) -> None:
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (MAX_BODY + 10, b"a=" + b"x" * (MAX_BODY + 8))
    assert browser.send_chunked("/answer", body).status == 413


def test_an_endless_address_is_refused(browser: Browser) -> None:
    assert browser.get("/?" + "a" * (MAX_QUERY + 1)).status in {400, 414}


@pytest.mark.parametrize(
    "path",
    ["/../icp.yaml", "/static/../../icp.yaml", "/%2e%2e/%2e%2e/etc/passwd", "/htmx.js/../../state", "/state", "/.env"],
)
def test_no_path_leads_to_a_file(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404


def test_line_breaks_in_an_address_make_no_header(browser: Browser) -> None:
    for path in ("/?a=%0d%0aSet-Cookie:%20a=b", "/answer?a=%0d%0aX-Own:%20b"):
        reply = browser.get(path)
        assert reply.status in {200, 400}
        assert "set-cookie" not in reply.headers
        assert "x-own" not in reply.headers
    entry = browser.server.guard.address.partition(browser.authority)[2]
    reply = browser.get(f"{entry}?a=%0d%0aX-Own:%20b")
    assert reply.headers["location"] == "/?a=%0d%0aX-Own:%20b"


def test_every_reply_carries_the_policy(browser: Browser) -> None:
    for reply in (*map(browser.get, PATHS), browser.get("/nowhere"), browser.get("/", host="evil.example")):
        policy = reply.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
        assert "connect-src 'self'; form-action 'self'; frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in reply.headers


def test_no_method_is_open_that_is_not_meant(browser: Browser) -> None:
    for method, path in (
        ("PUT", "/save"),
        ("DELETE", "/"),
        ("GET", "/save"),
        ("GET", "/close"),
        ("OPTIONS", "/answer"),
    ):
        assert browser.ask(method, path).status == 405


def test_the_token_of_hubspot_is_in_no_reply(browser: Browser) -> None:
    for path in PATHS:
        reply = browser.get(path)
        assert CANARY not in reply.text + str(reply.headers)
