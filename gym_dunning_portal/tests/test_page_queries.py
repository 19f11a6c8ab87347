"""How much the page asks of the database."""

from odoo.tests import tagged

from .common_page import PageCommon

MOST = 25


@tagged("post_install", "-at_install")
class TestPageQueries(PageCommon):
    """Issue 18, speed: 20 items, 25 queries, whatever else is in the database."""

    def _queries(self, path):
        """Return the queries of one answer of the server, its caches warm."""
        self._open(path)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answer = self._open(path)
        self.assertEqual(answer.status_code, 200)
        return self.env.cr.sql_log_count - before

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
        self.assertLessEqual(unknown, MOST)
        self.assertLessEqual(known, MOST)
        for number in range(20):
            self._owe(self._create_member(f"Other {number}"))
        self.assertEqual(self._queries(path), known)
