"""A Ray to work with: one of our own on this machine, gone when we are, or a cluster somebody runs at an address."""

from __future__ import annotations

import io
import logging
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Final, NoReturn, TextIO

import polars as pl
import ray

from icp_sync import __version__
from icp_sync.cluster.environment import ONE_THREAD
from icp_sync.errors import EngineFailed, RunStopped, UsageError

_CONNECT_SECONDS: Final = 5.0


@contextmanager
def ray_session(address: str | None) -> Iterator[None]:
    """Ray, connected while the block runs. `address` None: started on this machine, and stopped with all it left.

    What is printed to stdout meanwhile is lost. Raises EngineFailed where none answers at the address or it is of
    another version, UsageError for an address that is none, Stopped at SIGTERM.
    """
    terminate = signal.getsignal(signal.SIGTERM)
    # Ray prints what becomes of its workers to stdout, where our result may go.
    with redirect_stdout(_DiscardStream(sys.stdout)), _start_own_ray() if address is None else _connect_to_ray(address):
        try:
            signal.signal(signal.SIGTERM, _raise_stopped)
            yield
        finally:
            signal.signal(signal.SIGTERM, terminate)


def _raise_stopped(_number: int, _frame: object) -> NoReturn:
    raise RunStopped("stopped as asked; the result is not finished")


class _DiscardStream(io.TextIOBase):
    """A stream that forgets what is written to it; Ray draws its bars where it is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._is_terminal = stream.isatty()

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str, /) -> int:
        return len(text)


@contextmanager
def _start_own_ray() -> Iterator[None]:
    # Ray's sockets need a short path, which a user's own directory for temporary files has not everywhere. What lies in
    # it Ray opens to everybody, so it gets a folder in one that is closed.
    folder = Path(tempfile.mkdtemp(prefix="icp-ray-", dir="/tmp"))
    try:
        with _ray_connection(address="local", include_dashboard=False, _temp_dir=str(folder / "ray")):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _connect_to_ray(address: str) -> Iterator[None]:
    _require_reachable(address)
    with ExitStack() as connection:
        try:
            connection.enter_context(_ray_connection(address=address, runtime_env={"env_vars": ONE_THREAD}))
        except (ConnectionError, RuntimeError) as error:
            raise _unusable_ray_error(address, error) from error
        _require_same_versions(address)
        yield


@contextmanager
def _ray_connection(**options: Any) -> Iterator[None]:
    try:
        # Where it fails it is connected halfway.
        ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **options)
        yield
    finally:
        ray.shutdown()


def _require_reachable(address: str) -> None:
    """Whether anything listens there; Ray itself would try for a minute."""
    if address == "auto":
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not port.isdigit():
        raise UsageError(
            f"--address {address}: write HOST:PORT of the cluster's head, such as 10.0.0.1:6379, or auto on one of its "
            "machines"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise EngineFailed(
            f"no Ray answers at {address} ({getattr(error, 'strerror', None) or error}); start one there with "
            "`ray start --head`, or leave --address out"
        ) from error


def _unusable_ray_error(address: str, error: Exception) -> EngineFailed:
    text = " ".join(str(error).split())
    if "ersion mismatch" in text:
        return EngineFailed(
            f"the Ray at {address} is of another version than Ray {ray.__version__} here, or runs another Python; "
            "install the same on both"
        )
    return EngineFailed(f"the Ray at {address} cannot be used ({text[:200]}); run this on one of its machines")


def _require_same_versions(address: str) -> None:
    """A worker has to have this very software, since functions and results are handed over as they are."""
    here = (__version__, pl.__version__)
    try:
        there = ray.get(ray.remote(_versions).options(num_cpus=0).remote())
    except ray.exceptions.RayError as error:
        raise EngineFailed(
            f"the machines of the Ray at {address} have no icp_sync; install icp-sync[ray] {__version__} on each"
        ) from error
    if there != here:
        raise EngineFailed(
            f"the machines of the Ray at {address} have icp_sync {there[0]} with Polars {there[1]}, and here are "
            f"{here[0]} and {here[1]}; install the same on both"
        )


def _versions() -> tuple[str, str]:
    return __version__, pl.__version__
