"""Settings: the ``KUTIP_*`` variables, read once at the entry point and passed down as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path

import platformdirs

from rag.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set from outside; each field ``name`` is read from ``KUTIP_NAME``."""

    home: Path
    """Folder of the index and its caches. Default: the platform's user data folder."""
    glossary: Path | None = None
    """A further glossary file in the format of ``rag/data/glossary.tsv``; its entries go before the built-in ones."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read settings from an environment.

        Raises:
            SettingsError: for a ``KUTIP_*`` variable that is not known, so that a typo is not silently ignored.
        """
        known = {f"KUTIP_{field.name.upper()}": field.name for field in fields(cls)}
        for name in sorted(env):
            if name.startswith("KUTIP_") and name not in known:
                close = get_close_matches(name, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}."
                raise SettingsError(f"{name} is not a setting of Kutip: {hint}")
        values = {known[name]: value for name, value in env.items() if name in known and value}
        home = Path(values.get("home") or platformdirs.user_data_path("kutip", appauthor=False)).expanduser().absolute()
        glossary = values.get("glossary")
        return cls(home=home, glossary=Path(glossary).expanduser().absolute() if glossary else None)
