"""Errors with words of their own."""

from odoo.exceptions import UserError


class NothingToDo(UserError):
    """A normal answer: what was asked for finds nothing. The screen says so under that
    title, instead of calling it an invalid operation."""
