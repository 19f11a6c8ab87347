from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_debit_return import DebitReturnCommon
from .debit_files import camt054


@tagged("post_install", "-at_install")
class TestDebitReturnHand(DebitReturnCommon):
    """Returns without a file of the bank (debits 4)."""

    def _dialog(self, orders):
        action = orders.action_returned()
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    def _enter(self, orders, **values):
        dialog = self._dialog(orders)
        dialog.code_id = self.am04
        dialog.date = TODAY
        for name, value in values.items():
            dialog[name] = value
        dialog.save().action_confirm()
        return self.env["gym.debit.return"].search([("order_id", "in", orders.ids)])

    def test_returned(self):
        """The button books as a file would, with charges and note."""
        order = self._paid_order("Paul Kent")
        row = self._enter(order, charges=3.5, note="Statement 12")
        self.assertRecordValues(
            row,
            [
                {
                    "state": "booked",
                    "file_id": False,
                    "code": "AM04",
                    "return_code_id": self.am04.id,
                    "amount": 100.0,
                    "charges": 3.5,
                    "booking_date": TODAY,
                }
            ],
        )
        self.assertRecordValues(
            order,
            [
                {
                    "state": "returned",
                    "return_charges": 3.5,
                    "return_note": "Statement 12",
                }
            ],
        )
        self.assertEqual(order.line_ids.move_id.payment_state, "not_paid")

    def test_several(self):
        """Several debits of the list at once."""
        orders = self._exported("Paul Kent") | self._exported("Laura Kent")
        self.assertEqual(len(self._enter(orders)), 2)
        self.assertEqual(set(orders.mapped("state")), {"returned"})

    def test_only_what_the_bank_has(self):
        """A draft cannot come back, nor can a debit twice, nor in the future."""
        member = self._create_debtor("Paul Kent")
        order = self._collect(self._create_invoice(member))
        with self.assertRaisesRegex(UserError, "in state 'Draft'"):
            order.action_returned()
        order._set_state("exported")
        tomorrow = fields.Date.context_today(order) + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "in the future"):
            self._enter(order, date=tomorrow)
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self._enter(order, charges=-1)
        dialog = self._dialog(order)
        dialog.code_id = self.am04
        stale = dialog.save()
        self._enter(order)
        with self.assertRaisesRegex(UserError, "in state 'Returned'"):
            stale.action_confirm()

    def test_file_after_hand(self):
        """The bank's file comes later: it books nothing twice and says why."""
        order = self._exported("Paul Kent")
        self._enter(order)
        file = self.env["gym.debit.return.file"]._import(
            "a.xml", camt054([self._entry(order)]), self.company
        )
        self.assertEqual(file.return_ids.state, "unmatched")
        self.assertIn("returned on", file.return_ids.message)

    def test_stat_buttons(self):
        """Debit and member lead to what the bank said."""
        order = self._exported("Paul Kent")
        row = self._enter(order)
        self.assertEqual(order.debit_return_count, 1)
        member = order.partner_id
        self.assertEqual(member.debit_return_count, 1)
        for record in (order, member):
            domain = record.action_open_debit_returns()["domain"]
            self.assertEqual(self.env["gym.debit.return"].search(domain), row)


class TestDebitReturnCentres(DebitReturnCommon, CentresCommon):
    """Who sees and works returns: a holding with two centres (debits 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("clerk", cls.group)
        cls.clerk_a = cls._user("clerk", cls.centre_a)
        cls.reception = cls._user("reception", cls.group)

    def _order_of(self, name, centre):
        member = self._create_debtor(name)
        invoice = self._create_invoice(
            member,
            company=centre,
            preferred_payment_method_line_id=self.by_debit.id,
        )
        return self._collect_exported(invoice)

    def _import_as(self, user, *entries):
        files = self._as(user)["gym.debit.return.file"]
        return files._import("a.xml", camt054(list(entries)), self.holding)

    def test_centres(self):
        """The holding's clerk imports for all centres; a centre's clerk sees the
        returns of his own, neither another's nor what is unmatched."""
        one = self._order_of("Ann", self.centre_a)
        other = self._order_of("Ben", self.centre_b)
        file = self._import_as(
            self.clerk,
            self._entry(one),
            self._entry(other),
            {"end_to_end_id": "OLD-17"},
        )
        self.assertEqual((file.booked_count, file.open_count), (2, 1))
        seen = self._as(self.clerk_a)["gym.debit.return"].search([])
        self.assertEqual(seen.order_id, one)
        self.assertEqual(len(seen), 1)
        everything = self._as(self.clerk)["gym.debit.return"].search([])
        self.assertEqual(len(everything), 3)

    def test_centre_does_not_import(self):
        """A centre's clerk is told who imports the files of the holding."""
        one = self._order_of("Ann", self.centre_a)
        with self.assertRaisesRegex(UserError, "who works for"):
            self._import_as(self.clerk_a, self._entry(one))
        self.assertEqual(one.state, "exported")

    def test_centre_by_hand(self):
        """A centre's clerk enters returns of his centre, and of no other."""
        one = self._order_of("Ann", self.centre_a)
        other = self._order_of("Ben", self.centre_b)
        env = self._as(self.clerk_a)
        vals = {"code_id": self.am04.id, "date": TODAY}
        dialogs = env["gym.debit.return.hand"]
        dialogs.create(vals | {"order_ids": [Command.set(one.ids)]}).action_confirm()
        self.assertEqual(one.state, "returned")
        with self.assertRaises(AccessError):
            other.with_env(env).action_returned()
        with self.assertRaises(AccessError):
            dialogs.create(
                vals | {"order_ids": [Command.set(other.ids)]}
            ).action_confirm()
        self.assertEqual(other.state, "exported")

    def test_clerk_works_rows(self):
        """A clerk matches and ignores by buttons, and writes nothing."""
        order = self._order_of("Ann", self.centre_a)
        file = self._import_as(
            self.clerk, self._entry(order, end_to_end_id="OLD-1"), {"code": "AM04"}
        )
        match, ignore = file.return_ids.sorted("id")
        env = match.env
        env["gym.debit.return.match"].create({"return_id": match.id}).action_confirm()
        self.assertEqual(order.state, "returned")
        env["gym.debit.return.ignore"].create(
            {"return_ids": [Command.set(ignore.ids)], "reason": "Not ours"}
        ).action_confirm()
        self.assertEqual(ignore.state, "ignored")
        with self.assertRaises(AccessError):
            ignore.state = "booked"

    def test_reception(self):
        """Reception neither sees nor enters returns."""
        order = self._order_of("Ann", self.centre_a)
        env = self._as(self.reception)
        with self.assertRaises(AccessError):
            env["gym.debit.return"].search([])
        with self.assertRaises(UserError):
            self._import_as(self.reception, self._entry(order))
