"""How much the page asks of the database."""

from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common_page import PageCommon

MOST = 25
# Only tests need savepoints; and what Odoo asks of each visitor of any page, before the
# page begins: whether its public user is there, and which language is the usual one.
NOT_OURS = (
    "SAVEPOINT",
    "RELEASE",
    "ROLLBACK",
    'SELECT "res_users"."id" FROM',
    'SELECT "ir_default"."id"',
)


@tagged("post_install", "-at_install")
class TestPageQueries(PageCommon):
    """Issue 18, speed: 20 items, 25 queries, whatever else is in the database."""

    def _queries(self, path):
        """Return the queries of one answer of the server, its caches warm."""
        self._open(path)
        self.env.flush_all()
        self.env.invalidate_all()
        seen = []
        execute = Cursor.execute

        def note(cursor, query, *args, **kwargs):
            seen.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", note):
            answer = self._open(path)
        self.assertEqual(answer.status_code, 200)
        return sum(not one.startswith(NOT_OURS) for one in seen)

    def test_twenty_items(self):
        """A known member's page with 20 items, reminders among them, of a stranger's
        browser and then of his own; as many queries beside a hundred other members."""
        for days in range(11, 30):
            self._owe(self.paul, days=days)
        run = self._generate(self.today)
        self._deliver(run)
        path = self._path(self.paul)
        unknown = self._queries(path)
        self._known(self.paul)
        known = self._queries(path)
        self.assertLessEqual((unknown, known), (MOST, MOST))
        for number in range(20):
            self._owe(self._create_member(f"Other {number}"))
        self.assertEqual(self._queries(path), known)
