"""References to secrets: a fleet file says where each stands, never what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import PlainValidator, WithJsonSchema

from icp_sync.errors import SecretMissing

PATTERN: Final = r"^(env:[A-Za-z_][A-Za-z0-9_]{0,127}|secret:[A-Za-z0-9][A-Za-z0-9_.-]{0,127})$"
_REFUSED: Final = (
    "is no reference to a secret, and a secret never stands in this file; save it as a file in the secrets directory "
    "and write secret:FILE, or as a variable and write env:NAME"
)


def _check_reference(value: object) -> str:
    # What was written instead may be the secret itself, so no message repeats it.
    if not isinstance(value, str) or not re.match(PATTERN, value):
        raise ValueError(_REFUSED)
    return value


def _reference_schema() -> dict[str, Any]:
    advice = "Write secret:FILE or env:NAME; the secret itself never stands here."
    return {"type": "string", "pattern": PATTERN, "patternErrorMessage": advice, "errorMessage": advice}


Reference = Annotated[str, PlainValidator(_check_reference), WithJsonSchema(_reference_schema())]
"""`env:NAME` or `secret:FILE`."""


@dataclass(frozen=True, slots=True)
class SecretResolver:
    """Where references lead: variables by name, and the secrets directory (None: this machine has none)."""

    variables: Mapping[str, str]
    folder: Path | None

    def __repr__(self) -> str:
        return "Vault()"  # a traceback with the variables would show every token

    def resolve(self, reference: str) -> str:
        """The secret, without the white space around it. Raises SecretMissing, which names the reference alone."""
        kind, _, name = reference.partition(":")
        text = self.variables.get(name, "") if kind == "env" else self._read_secret_file(name)
        if not text.strip():
            raise SecretMissing(f"{reference} {self._missing_advice(kind, name)}")
        return text.strip()

    def _read_secret_file(self, name: str) -> str:
        if self.folder is None:
            return ""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError):
            raise SecretMissing(
                f"secret:{name} cannot be read; it is UTF-8 text that this user may read in {self.folder}"
            ) from None

    def _missing_advice(self, kind: str, name: str) -> str:
        if kind == "env":
            return f"is missing; set the variable {name}, which this process has not or finds empty"
        if self.folder is None:
            return "is missing: there is no secrets directory; name it with ICP_SYNC_SECRETS_DIR, or make /run/secrets"
        return f"is missing; save it as the file {name} in {self.folder}"
