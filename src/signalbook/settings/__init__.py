"""What an implementer has settled once: `signalbook.toml`, or a table in `pyproject.toml`."""

from signalbook.settings.finding import NAME, find_settings
from signalbook.settings.reading import Settings, SettingsError, read_settings
from signalbook.settings.writing import add_deviations, write_settings

__all__ = [
    "NAME",
    "Settings",
    "SettingsError",
    "add_deviations",
    "find_settings",
    "read_settings",
    "write_settings",
]
