"""Reads the specification's MyST pages into {py:mod}`signalbook.clauses`' records.

Whatever is wrong with a page is a {py:class}`PageError` that says where it is and what to do.
"""

from signalbook.pages.errors import PageError, SpecificationError
from signalbook.pages.folder import read_specification, specification_folder
from signalbook.pages.new import NewClauseError, with_new_clause
from signalbook.pages.page import read_page

__all__ = [
    "NewClauseError",
    "PageError",
    "SpecificationError",
    "read_page",
    "read_specification",
    "specification_folder",
    "with_new_clause",
]
