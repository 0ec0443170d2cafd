"""Where the work is done, as options: in this process, or by Ray."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from icp_sync.cli.extras import require_extra
from icp_sync.cli.options import is_on_command_line
from icp_sync.errors import UsageError

if TYPE_CHECKING:
    from icp_sync.fleet.process_pool import Start
    from icp_sync.runs.table_block_engine import Engine

Command = Callable[..., Any]
RAY: Final = "ray"


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine that was asked for; `address`: of a Ray that runs already, None: one of our own."""

    name: str
    address: str | None

    @property
    def is_ray(self) -> bool:
        return self.name == RAY

    def require_installed(self) -> None:
        """Raises UsageError where its packages are missing, or an address is given to an engine that has none."""
        if self.is_ray:
            require_extra("ray", "ray", "pyarrow", "pandas")
        elif self.address is not None and is_on_command_line("address"):
            raise UsageError("--address is where a Ray runs; it goes with --engine ray")

    @contextmanager
    def open_engine(self, *, quiet: bool) -> Iterator[Engine]:
        """The engine that scores, ready while the block runs. Raises EngineFailed, UsageError."""
        if self.is_ray:
            from icp_sync.cluster.environment import prepare_ray

            prepare_ray(self.address)
            from icp_sync.cluster.engine import ray_engine

            with ray_engine(self.address, quiet=quiet) as engine:
                yield engine
        else:
            from icp_sync.runs.table_block_engine import LocalEngine

            yield LocalEngine()

    @contextmanager
    def open_portal_starter_on_ray(self, secrets: Path | None) -> Iterator[Start]:
        """What starts portals' processes on Ray, while the block runs; `secrets`: every machine's secrets directory.

        Raises EngineFailed, UsageError.
        """
        from icp_sync.cluster.environment import prepare_ray

        prepare_ray(self.address)
        from icp_sync.cluster.portals import open_ray_portal_starter

        with open_ray_portal_starter(self.address, secrets) as start:
            yield start


def engine_options(command: Command) -> Command:
    """Adds `--engine` and `--address`, passed to the command as one `EngineChoice` whose packages are there."""

    @click.option(
        "--engine", "name", type=click.Choice(["local", RAY]), default="local", show_default=True,
        envvar="ICP_SYNC_ENGINE",
        help="Where the work is done: on this machine, or by Ray on all machines of a cluster.",
    )  # fmt: skip
    @click.option(
        "--address", metavar="HOST:PORT", envvar="ICP_SYNC_ADDRESS",
        help="With --engine ray: the head of a cluster that runs.  [default: a Ray of our own, on this machine]",
    )  # fmt: skip
    @functools.wraps(command)
    def with_engine(*args: Any, name: str, address: str | None, **rest: Any) -> Any:
        engine = EngineChoice(name, address or None)
        engine.require_installed()
        return command(*args, engine=engine, **rest)

    return with_engine
