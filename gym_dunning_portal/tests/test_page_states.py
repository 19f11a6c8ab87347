"""What the page says of an item in each of its states."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common_page import PageCommon


@tagged("post_install", "-at_install")
class TestPageStates(PageCommon):
    """Issue 18, 2: residuals, instalments, credits, fees, holds, what happens next."""

    def _shown(self, partner=None, company=None):
        """Return rows, sums and next steps of a person's page."""
        page = self.env["gym.page"].sudo().with_context(lang="en_US")
        visit = page._visit_of(
            partner or self.paul, company or self.company, "letter", is_known=True
        )
        items = page._items(visit)
        return (
            page._rows(visit, items),
            page._sums(items),
            list(page._next_steps(visit, items)),
        )

    def test_residual_and_credit(self):
        """A part payment lessens the item, a credit the sum; credits stand last."""
        self._pay(self.invoice, amount=30.0, day=self.today)
        credit = self._owe(self.paul, 20.0, move_type="out_refund")
        rows, [part], __ = self._shown()
        self.assertEqual([row.item.amount_residual for row in rows], [70.0, -20.0])
        self.assertEqual((part.due, part.later, part.credit), (50.0, 0.0, 20.0))
        self.assertEqual((rows[-1].name, rows[-1].state), (credit.name, "credit"))

    def test_instalments(self):
        """Of an invoice in instalments those that are due are to be paid now, the
        others stand apart."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Three instalments",
                "line_ids": [
                    Command.create({"value_amount": share, "nb_days": days})
                    for share, days in ((40, 0), (30, 30), (30, 60))
                ],
            }
        )
        laura = self._create_member("Kent Laura")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": laura.id,
                "invoice_date": self.today - timedelta(days=35),
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Year",
                            "price_unit": 300,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        rows, [part], __ = self._shown(laura)
        self.assertEqual([row.state for row in rows], ["late", "late", "later"])
        self.assertEqual((part.due, part.later), (210.0, 90.0))

    def test_due_today(self):
        """What is due today is to be paid now, and is not late."""
        laura = self._create_member("Kent Laura")
        self._owe(laura, days=0)
        [row], [part], __ = self._shown(laura)
        self.assertEqual((row.state, part.due), ("due", 100.0))

    def test_two_currencies(self):
        """Each currency has its own sum."""
        other = self.env.ref("base.GBP")
        other.active = True
        self._owe(self.paul, 10.0, currency_id=other.id)
        __, sums, __ = self._shown()
        self.assertEqual(len(sums), 2)

    def test_fee(self):
        """The fee of a reminder is an item that says what it is, and none follows."""
        self._run_levels(2, day=self.today - timedelta(days=11))
        rows, [part], __ = self._shown()
        self.assertEqual([row.kind for row in rows], ["", "Reminder fee"])
        self.assertEqual((part.due, part.later), (100.0, 20.0))

    def test_holds(self):
        """What keeps an item back is said, and no reminder is announced for it."""
        line = self.invoice.line_ids.filtered("date_maturity")
        for reason, words in (
            ("promise", "You promised to pay by"),
            ("dispute", "do not agree"),
            ("answer", "We have your answer"),
            ("agency", "collection agency"),
        ):
            with self.subTest(reason):
                hold = (
                    self.env["gym.dunning.hold"]
                    .sudo()
                    .create(
                        {
                            "move_line_id": line.id,
                            "reason": reason,
                            "date_until": self.today + timedelta(days=5),
                        }
                    )
                )
                [row], __, steps = self._shown()
                self.assertIn(words, row.notes[0])
                self.assertFalse(steps)
                hold.active = False
        [row], __, steps = self._shown()
        self.assertFalse(row.notes)
        self.assertTrue(steps)

    def test_next_day_is_that_of_the_runs(self):
        """The day that is named is the first on which a run would send the level."""
        laura = self._create_member("Kent Laura")
        first = self.today - timedelta(days=20)
        invoice = self._create_invoice(laura, days=3, today=first)
        day = self._item(invoice, first)._gym_next_day()
        self.assertEqual(self._item(invoice, day).due_level, "1")
        self.assertFalse(self._item(invoice, day - timedelta(days=1)).due_level)
        run = self._generate(day)
        self._deliver(run)
        day = self._item(invoice, day)._gym_next_day()
        self.assertEqual(self._item(invoice, day).due_level, "2")
        self.assertFalse(self._item(invoice, day - timedelta(days=1)).due_level)

    def test_blocking_is_announced(self):
        """Before the last level, the page says that access may be blocked with it, or
        is; afterwards that it is, and when it comes back."""
        laura = self._create_member("Kent Laura")
        self._owe(laura, days=60)
        self._run_levels(2, day=self.today - timedelta(days=22))
        for mode, words in (
            ("propose", "Access may be blocked"),
            ("auto", "Access is blocked with it"),
        ):
            self.policy.block_mode = mode
            __, __, steps = self._shown(laura)
            self.assertIn(words, steps[-1])
        run = self._generate(self.today)
        run.reminder_ids._block()
        __, __, steps = self._shown(laura)
        self.assertIn("The access of Kent Laura is blocked.", steps[0])
        self.company.dunning_auto_unblock = True
        __, __, steps = self._shown(laura)
        self.assertIn("It comes back", steps[0])

    def test_how_to_transfer(self):
        """The account and the reference are those of the last letter; before any letter
        the document's number."""
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE89370400440532013000",
                "partner_id": self.company.partner_id.id,
            }
        )
        page = self.env["gym.page"].sudo()
        visit = page._visit_of(self.paul, self.company, "letter", is_known=True)
        transfer = page._transfer(visit, page._items(visit))
        self.assertEqual(transfer["references"], [(self.invoice.name, False)])
        reminder = self._reminder(self._generate(self.today), self.paul)
        transfer = page._transfer(visit, page._items(visit))
        part = reminder._payment_part(with_code=False)
        self.assertEqual(transfer["account"], part["account"])
        self.assertEqual(transfer["references"], [(part["reference"], False)])

    def test_opening_entry(self):
        """An opening entry is an item without a document to fetch."""
        laura = self._create_member("Kent Laura")
        account = laura.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "date": self.today - timedelta(days=40),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": laura.id,
                            "debit": 33.0,
                            "date_maturity": self.today - timedelta(days=30),
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": 33.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        [row], __, __ = self._shown(laura)
        self.assertEqual((row.kind, row.invoice_id), ("Open amount", None))
