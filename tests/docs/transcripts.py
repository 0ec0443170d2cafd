"""Transcripts in a guide: a block that begins with `$ ` is typed, and shows what then stands on the screen.

`python -m tests.docs.transcripts` writes them anew; part of `make docs`.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tempfile
from pathlib import Path
from typing import Final

from icp_sync.cli import main
from icp_sync.object_store.folder import ObjectFolder
from tests.docs.pages import ROOT

GUIDES: Final = (ROOT / "docs" / "guides" / "score-a-file.md",)
_BLOCK: Final = re.compile(r"^```text\n((?:\$ ).*?)^```$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"This one is `([^`]+)`:\n\n```csv\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD: Final = " | head -n 1"
_RAY: Final = "--engine ray"


def retyped(guide: Path, *, ray: bool = False) -> str:
    """The guide with every transcript as it comes out now, in a folder with the files it shows and HubSpot's export.

    What is typed for Ray stays as it is unless `ray` is there.
    """
    text = guide.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("config").mkdir()
        Path("config/icp.yaml").write_bytes((ROOT / "config" / "icp.yaml").read_bytes())
        Path("export.csv").write_bytes((ROOT / "tests" / "sandbox" / "data" / "export.csv").read_bytes())
        for name, content in files_of(text).items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(content, encoding="utf-8")
        return _BLOCK.sub(lambda block: block[0] if _RAY in block[1] and not ray else _retyped(block[1]), text)


def _retyped(block: str) -> str:
    return f"```text\n{''.join(map(_typed, _lines(block)))}```"


def files_of(text: str) -> dict[str, str]:
    """The files a guide shows: name → content."""
    return dict(_FILE.findall(text))


def put_files(text: str, folder: ObjectFolder) -> None:
    """Put the files a guide shows into an object store, whose commands read them there."""
    for name, content in files_of(text).items():
        folder.write(name, content.encode())


def _lines(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def _typed(line: str) -> str:
    """The line and what it leaves on the screen."""
    words = shlex.split(line.removesuffix(_HEAD))
    assert words[0] == "icp-sync", f"nobody tries {line!r}"
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        code = main(words[1:])
    shown = screen.buffer.getvalue().decode()
    if line.endswith(_HEAD):
        shown = shown.splitlines(keepends=True)[0]
    shown = "".join(f"{text.rstrip()}\n" for text in shown.splitlines())
    return f"$ {line}\n{shown}" + (f"(exit {code})\n" if code else "")


if __name__ == "__main__":
    for page in GUIDES:
        page.write_text(retyped(page), encoding="utf-8")
