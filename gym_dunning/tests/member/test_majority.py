"""Coming of age: one rule in Python and in SQL, for every birth date."""

import doctest
from datetime import date, timedelta

from odoo.tools import SQL

from ... import tools
from ...tools import age, born_by, born_by_sql, is_minor
from ..base.common_english import EnglishCommon

# Four years with one leap year, and their eighteenth birthdays.
FIRST, LAST = date(2004, 1, 1), date(2008, 12, 31)


def days(first, last):
    """Return all days from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class TestMajority(EnglishCommon):
    """L2: born on 29 February 2008, of age on 1 March 2026."""

    def test_doctest(self):
        """L2: the examples in the text are true."""
        self.assertFalse(doctest.testmod(tools).failed)

    def test_first_day_of_age(self):
        """L2, BGB 187, 188: a minor on the eve, of age from the day that has the
        number of the birthday; from 1 March where there is no such day."""
        for born in days(FIRST, LAST):
            try:
                birthday = born.replace(year=born.year + 18)
            except ValueError:
                birthday = date(born.year + 18, 3, 1)
            eve = birthday - timedelta(days=1)
            self.assertTrue(is_minor(born, eve), born)
            self.assertFalse(is_minor(born, birthday), born)
            self.assertEqual((age(born, eve), age(born, birthday)), (17, 18), born)

    def test_sql_agrees(self):
        """L2: the ledger asks as the contact does, on each day of some years."""
        asked = days(date(2022, 1, 1), date(2026, 12, 31))
        rows = self.env.execute_query(
            SQL(
                "SELECT day, %s FROM unnest(%s::date[]) AS day",
                born_by_sql(SQL("day")),
                asked,
            )
        )
        self.assertEqual(dict(rows), {day: born_by(day) for day in asked})

    def test_everybody_agrees(self):
        """L2: the contact, its search, the run and the hand-over on the same days."""
        member = self._create_member("Leap", birthdate_date=date(2008, 2, 29))
        self._create_invoice(member, today=date(2026, 3, 2))
        for day, minor in ((date(2026, 2, 28), True), (date(2026, 3, 1), False)):
            with self.subTest(day=day):
                asked = member.with_context(dunning_date=day)
                self.assertEqual(asked.is_minor, minor)
                found = asked.search([("id", "=", member.id), ("is_minor", "=", True)])
                self.assertEqual(bool(found), minor)
                receiver = self.env["gym.dunning.receiver"]._is_minor_sql(day)
                rows = self.env.execute_query(
                    SQL(
                        "SELECT %s FROM res_partner person WHERE id = %s",
                        receiver,
                        member.id,
                    )
                )
                self.assertEqual(rows, [(minor,)])
