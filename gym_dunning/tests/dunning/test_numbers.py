"""Numbers that name the centre, and payment references that hang on no number."""

import random

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon


class TestNumbers(CentresCommon):
    """Issue 15, M5: the number of a reminder does not read like a level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls.payment = cls.env["gym.dunning.payment"]
        cls.year = TODAY.year

    def _reminder_of(self, company, member=None):
        member = member or self.paul
        self._create_invoice(member, company=company)
        run = self._generate_as(self.env, company, min_balance=0.0)
        return run.reminder_ids.filtered(lambda r: r.partner_id == member)

    def _references(self, reminder):
        reminder.invalidate_recordset()
        return (
            self.payment._reference(reminder),
            self.payment._qr_reference(reminder),
        )

    def _as_before(self, reminder, name):
        """Make it a reminder from before its key was kept."""
        reminder.sudo().write({"name": name, "payment_key": False})

    # === CODES === #

    def test_code_is_what_differs(self):
        """M5: the code is what tells the name from the holding's; no code twice."""
        companies = self.env["res.company"].create(
            [
                {"name": f"{self.holding.name} {name}", "parent_id": self.holding.id}
                for name in ("City", "München Ost", "München West", "city", "Λίμνη")
            ]
        )
        self.assertEqual(
            companies.mapped("gym_short_code"),
            ["CITY", "MUNCOST", "MUNCWEST", "CITY2", companies[4].gym_short_code],
        )
        self.assertRegex(companies[4].gym_short_code, "[A-Z]")
        self.env.cr.precommit.clear()  # the charts of accounts are not needed

    def test_code_stays_with_a_new_name(self):
        """M5: who renames a centre does not change its numbers."""
        code = self.centre_a.gym_short_code
        self.centre_a.name = "Somewhere Else"
        self.assertEqual(self.centre_a.gym_short_code, code)

    def test_no_code_of_a_name_that_is_none(self):
        """M5: the company that Odoo makes first is coded once it has its name."""
        companies = self.env["res.company"]
        self.assertFalse(companies.new({"name": "My Company"}).gym_short_code)
        self.assertEqual(companies.new({"name": "Oasis"}).gym_short_code, "OASIS")

    def test_code_is_checked(self):
        """M5: capital letters and digits, and no other centre's."""
        self.centre_a.gym_short_code = " lake "
        self.assertEqual(self.centre_a.gym_short_code, "LAKE")
        for code in ("42", "A/B", "Ä"):
            with self.assertRaises(ValidationError):
                self.centre_a.gym_short_code = code
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.centre_b.gym_short_code = "LAKE"

    def test_code_of_a_company_made_earlier(self):
        """M5: a company that has no code yet gets one when a number is drawn."""
        self.centre_a.gym_short_code = False
        self.assertTrue(self.centre_a._gym_code())
        self.assertEqual(self.centre_a.gym_short_code, self.centre_a._gym_code())

    # === NUMBERS === #

    def test_number_names_the_code(self):
        """M5: REM/CITY/2026/00001 instead of the company's id."""
        self.centre_a.gym_short_code = "CITY"
        reminder = self._reminder_of(self.centre_a)
        self.assertEqual(reminder.name, f"REM/CITY/{self.year}/00001")

    def test_only_company_is_not_named(self):
        """M5: a gym of one company needs no code in its numbers."""
        companies = self.env["res.company"].with_context(active_test=False).search([])
        others = companies.filtered(lambda one: not one.parent_id) - self.holding
        self.assertTrue(others, "this test is about a second company")
        self.assertIn(self.holding._gym_code(), self.holding._reminder_prefix())
        self.env.cr.execute(
            "UPDATE res_company SET parent_id = %s WHERE id IN %s",
            [self.holding.id, tuple(others.ids)],
        )
        companies.invalidate_recordset()
        self.assertEqual(self.holding._reminder_prefix(), "REM/%(year)s/")

    def test_sequence_goes_on_with_a_new_code(self):
        """M5: after a change of the code no number is given twice, and those that
        were given stay."""
        self.centre_a.gym_short_code = "CITY"
        first = self._reminder_of(self.centre_a)
        self.centre_a.gym_short_code = "TOWN"
        second = self._reminder_of(self.centre_a, self._create_member("Second"))
        self.assertEqual(
            [first.name, second.name],
            [f"REM/CITY/{self.year}/00001", f"REM/TOWN/{self.year}/00002"],
        )
        with self.assertRaises(ValidationError) as error:
            self.centre_b.gym_short_code = "CITY"
        self.assertIn("reminders of another centre", str(error.exception))
        self.centre_a.gym_short_code = "CITY"  # back to its own is no other's

    def test_update_of_a_database(self):
        """M5: sequences from before go on with the code; a gym's own prefix stays."""
        own = self.centre_b.sudo()._reminder_sequence()
        own.prefix = "LETTER-"
        old = self.centre_a.sudo()._reminder_sequence()
        old.write({"prefix": f"REM{self.centre_a.id}/%(year)s/", "number_next": 44})
        for __ in range(2):  # each update calls it
            self.env["res.company"]._gym_drop_ids_in_numbers()
        code = self.centre_a._gym_code()
        self.assertEqual(
            self.centre_a._next_reminder_numbers(1, TODAY),
            [f"REM/{code}/{self.year}/00044"],
        )
        self.assertEqual(own.prefix, "LETTER-")

    # === REFERENCES === #

    def test_same_running_number_on_one_account(self):
        """M5: two centres with one account, same running number: the references
        differ though the digits of the numbers do not."""
        reminders = self._reminder_of(self.centre_a) | self._reminder_of(self.centre_b)
        self.assertEqual(
            {name[-10:] for name in reminders.mapped("name")}, {f"{self.year}/00001"}
        )
        self.assertNotEqual(*(self._references(one)[0] for one in reminders))
        self.assertNotEqual(*(self._references(one)[1] for one in reminders))

    def test_references_stay(self):
        """M5: what a letter printed is what the reminder is known by, whatever
        becomes of code and number."""
        reminder = self._reminder_of(self.centre_a)
        before = self._references(reminder)
        self.centre_a.gym_short_code = "OTHER"
        reminder.sudo().name = "ANOTHER/1"
        self.assertEqual(self._references(reminder), before)
        self.assertLessEqual(set(before), set(reminder._clearing_names()))

    def test_letters_from_before_stay_payable(self):
        """M5: the references of old letters come from their number, as they were
        printed."""
        reminder = self._reminder_of(self.centre_a)
        self._as_before(reminder, "REM2/2026/00043")
        self.assertEqual(
            self._references(reminder),
            ("RF47 REM2 2026 0004 3", "000000000000000022026000434"),
        )
        self.assertLessEqual(
            {"REM2/2026/00043", *self._references(reminder)},
            set(reminder._clearing_names()),
        )

    def test_proposals_have_none(self):
        """M4: what is not issued has nothing that a payment could name."""
        self._create_invoice(self.paul, company=self.centre_a)
        run = self._estimate_as(self.env, self.centre_a)
        proposal = run.reminder_ids
        proposal.sudo().name = "REM/A/2026/00009"  # its issue failed
        self.assertFalse(proposal.payment_reference)
        self.assertFalse(proposal._has_payment_part())
        self.assertEqual(proposal._draft_word(), "DRAFT")

    def test_no_reference_twice(self):
        """M5: a walk over many centres, ids and old numbers: no reference twice, and
        none too long."""
        walk = random.Random(15)
        keys = set()
        for __ in range(1500):
            company, running = walk.randint(1, 9999), walk.randint(1, 99999)
            year = walk.randint(2024, 2039)
            keys.add((f"REM{walk.choice([company, ''])}/{year}/{running:05d}", False))
            id = walk.choice([walk.randint(1, 10**4), walk.randint(1, 2**31 - 1)])
            keys.add(("any", f"REM{company}{id:010d}"))
        seen = set()
        for name, key in keys:
            reminder = self.env["gym.dunning.reminder"].new(
                {"name": name, "payment_key": key, "state": "issued"}
            )
            rf = self.payment._reference(reminder).replace(" ", "")
            qrr = self.payment._qr_reference(reminder)
            self.assertLessEqual(len(rf), 25)
            self.assertEqual(len(qrr), 27)
            self.assertFalse(seen & {rf, qrr}, (name, key))
            seen |= {rf, qrr}
