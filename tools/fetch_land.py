"""Fetches the outlines of the world's land that the report's map is drawn on: `python -m tools.fetch_land`.

They are the file `land-110m.json` of the npm package world-atlas 2.0.2, taken from whatever registry npm is set up with
and kept byte for byte: it is refused unless its SHA-256 is the one below.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

PACKAGE: Final = "world-atlas@2.0.2"
MEMBER: Final = "package/land-110m.json"
SHA256: Final = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"
LAND: Final = Path(__file__).parents[1] / "icp_sync" / "views" / "data" / "land-110m.json"


def main() -> int:
    """Write the outlines; 1 where the package holds others than were reviewed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([shutil.which("npm") or "npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            outlines = archive.extractfile(MEMBER)
            content = outlines.read() if outlines else b""
    if hashlib.sha256(content).hexdigest() != SHA256:
        sys.stderr.write(f"{PACKAGE} holds another {MEMBER} than the one that was reviewed; nothing was written\n")
        return 1
    LAND.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
