"""Through a proxy where the environment names one, and trusting the certificates it names."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from icp_sync.errors import PortalUnavailable
from icp_sync.portal import account
from icp_sync.portal.client.proxy_and_certificates import network_path
from tests.portal.conftest import to
from tests.portal.instant import InstantClock

PAIR = Path(__file__).parent / "data" / "localhost.pem"
ANSWER = b'{"portalId": 7, "timeZone": "UTC"}'
HUBSPOT = "https://api.hubapi.com"


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type[StreamRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.lines: list[str] = []
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_: object) -> None:
        """A client that turns away is what some tests are about."""


class _Portal(StreamRequestHandler):
    """Speaks TLS, and answers whatever it is asked with the portal's number."""

    def handle(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PAIR)
        with context.wrap_socket(self.request, server_side=True) as wire:
            wire.recv(65536)
            wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
            wire.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))


class _Proxy(StreamRequestHandler):
    """Opens a tunnel to this machine whatever the name asked for, and remembers who asked."""

    def handle(self) -> None:
        head = [line.decode().strip() for line in iter(self.rfile.readline, b"\r\n")]
        self.server.lines += head  # type: ignore[attr-defined]
        if any("reject" in line for line in head):
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        port = int(head[0].split()[1].rpartition(":")[2])
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with closing(socket.create_connection(("127.0.0.1", port))) as far:
            Thread(target=_pour, args=(far, self.request), daemon=True).start()
            _pour(self.request, far)


def _pour(source: socket.socket, into: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            into.sendall(data)
    except OSError:
        return


@pytest.fixture
def portal() -> Iterator[_Server]:
    with _Server(_Portal) as server:
        yield server
        server.shutdown()


@pytest.fixture
def proxy() -> Iterator[_Server]:
    with _Server(_Proxy) as server:
        yield server
        server.shutdown()


def ask(url: str) -> int:
    with to(url, InstantClock()) as connection:
        return account.fetch_account(connection).portal_id


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_calls_go_through_the_proxy_with_its_password(
    monkeypatch: pytest.MonkeyPatch, portal: _Server, proxy: _Server, variable: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(PAIR))
    monkeypatch.setenv(variable, f"http://ann:p%40ss@127.0.0.1:{proxy.port}")
    assert ask(f"https://localhost:{portal.port}") == 7
    assert f"CONNECT localhost:{portal.port} HTTP/1.1" in proxy.lines[0].replace("HTTP/1.0", "HTTP/1.1")
    wanted = base64.b64encode(b"ann:p@ss").decode()
    assert any(line.lower() == f"proxy-authorization: basic {wanted}".lower() for line in proxy.lines)


def test_no_proxy_spares_a_host(monkeypatch: pytest.MonkeyPatch, portal: _Server, proxy: _Server) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(PAIR))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "example.com,localhost")
    assert ask(f"https://localhost:{portal.port}") == 7
    assert not proxy.lines


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_certificate_the_environment_names_is_trusted(
    monkeypatch: pytest.MonkeyPatch, portal: _Server, variable: str
) -> None:
    monkeypatch.setenv(variable, str(PAIR))
    assert ask(f"https://localhost:{portal.port}") == 7


def test_an_untrusted_certificate_says_where_trust_came_from(portal: _Server) -> None:
    with pytest.raises(
        PortalUnavailable, match=r"not trusted by this machine's own .+REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE"
    ):
        ask(f"https://localhost:{portal.port}")


def test_a_bundle_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(PortalUnavailable, match=r"CURL_CA_BUNDLE names /no/such/bundle\.pem, which is not there"):
        network_path(HUBSPOT)


def test_a_proxy_that_asks_for_a_password_is_named_without_it(monkeypatch: pytest.MonkeyPatch, proxy: _Server) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://ann:sesame@127.0.0.1:{proxy.port}")
    with pytest.raises(
        PortalUnavailable, match=rf"proxy 127.0.0.1:{proxy.port} \(HTTPS_PROXY\) asks for a user"
    ) as refusal:
        ask("https://reject.invalid")
    assert "sesame" not in f"{refusal.value.message} {refusal.value.details}"


@pytest.mark.parametrize("bad", ["socks5://ann:sesame@h:1", "http://ann:sesame@h:port", "http://"])
def test_what_is_no_proxy_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", bad)
    with pytest.raises(PortalUnavailable, match="HTTPS_PROXY") as refusal:
        network_path(HUBSPOT)
    assert "sesame" not in refusal.value.message


def test_an_address_without_a_scheme_is_a_proxy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ann:sesame@proxy.example:3128")
    way = network_path(HUBSPOT)
    assert way.proxy is not None
    assert way.proxy.address == "http://proxy.example:3128"
    assert "sesame" not in f"{way!r} {way.proxy}"


def test_a_token_in_the_clear_goes_to_no_proxy_on_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    assert network_path("http://127.0.0.1:8080").proxy is None
    assert network_path(HUBSPOT).proxy is not None


@pytest.mark.parametrize("content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_file_without_a_certificate_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    file = tmp_path / "bundle.pem"
    file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(
        PortalUnavailable, match=r"SSL_CERT_FILE names .+bundle\.pem, which holds no certificate in PEM"
    ):
        network_path("https://portal.example")
