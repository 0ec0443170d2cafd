"""The Dockerfile's first stage, carried out in an empty directory with a clean interpreter for its base.

`python -m tests.project.install_steps DIRECTORY` leaves DIRECTORY as the image's root would be after it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.project.dockerfile import Instruction, stages

SOURCE = Path(__file__).parents[2]


class Stage:
    """An image's file system under `root`, and the directory its next instruction works in."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.here = self.root
        venv.create(self.root / "usr", with_pip=True)
        path = os.pathsep.join([str(self.root / "usr" / "bin"), "/usr/bin", "/bin"])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.environment = kept | {"PATH": path, "PIP_QUIET": "2"}

    def carry_out(self, instruction: Instruction) -> None:
        """FROM needs nothing here; an instruction this file does not know is a KeyError."""
        steps = {"FROM": lambda _: None, "WORKDIR": self._enter, "COPY": self._copy, "RUN": self._run}
        steps[instruction.keyword](instruction.argument)

    def _enter(self, directory: str) -> None:
        self.here = self.root / directory.lstrip("/")
        self.here.mkdir(parents=True, exist_ok=True)

    def _copy(self, argument: str) -> None:
        *sources, target = argument.split()
        for source in sources:
            if (SOURCE / source).is_dir():
                shutil.copytree(SOURCE / source, self.here / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                destination = self.here / target / Path(source).name
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(SOURCE / source, destination)

    def _run(self, command: str) -> None:
        print(f"RUN {command}", flush=True)  # noqa: T201 -- a command line tool of the project, read in CI's log
        command = command.replace("/opt/", f"{self.root}/opt/")
        subprocess.run(["/bin/sh", "-ec", command], cwd=self.here, env=self.environment, check=True)


def main(directory: str) -> None:
    stage = Stage(Path(directory))
    for instruction in stages((SOURCE / "Dockerfile").read_text(encoding="utf-8"))[0]:
        stage.carry_out(instruction)


if __name__ == "__main__":
    main(sys.argv[1])
