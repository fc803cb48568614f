"""The specification in other forms: as data, and a clause as a program."""

from signalbook.exports.data import SCHEMA, export
from signalbook.exports.program import ScriptError, script

__all__ = ["SCHEMA", "ScriptError", "export", "script"]
