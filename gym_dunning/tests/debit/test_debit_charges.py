from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_debit import DebitCommon
from .common_debit_return import DebitReturnCommon
from .debit_files import camt054


@tagged("post_install", "-at_install")
class TestDebitCharges(DebitReturnCommon):
    """What the bank asks for returns is booked beside the payment taken back (costs: charges)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cost = cls.company_data["default_account_expense"]
        cls.company.debit_charge_account_id = cls.cost

    def _import_charged(self, *orders, charges="3.50"):
        return self._import(
            camt054([self._entry(order, charges=charges) for order in orders])
        )

    def _liquidity(self, order):
        return order.payment_ids.outstanding_account_id

    def test_booked_like_the_reversal(self):
        """Cost against the account by which the payment was taken back, in the bank's
        journal, on the same day, about nobody; the invoice stays as it is."""
        order = self._paid_order("Paul Kent")
        self._import_charged(order)
        move = order.charge_move_id
        back = order.payment_ids.move_id.reversal_move_ids
        self.assertRecordValues(
            move,
            [
                {
                    "state": "posted",
                    "date": back.date,
                    "journal_id": back.journal_id.id,
                    "ref": f"Bank charge of the return of {order.name}",
                    "partner_id": False,
                }
            ],
        )
        self.assertRecordValues(
            move.line_ids.sorted("balance"),
            [
                {
                    "account_id": self._liquidity(order).id,
                    "amount_currency": -3.5,
                    "balance": -3.5,
                    "currency_id": self.euro.id,
                    "partner_id": False,
                },
                {
                    "account_id": self.cost.id,
                    "amount_currency": 3.5,
                    "balance": 3.5,
                    "currency_id": self.euro.id,
                    "partner_id": False,
                },
            ],
        )
        invoice = order.line_ids.move_id
        self.assertEqual(self._item(invoice).amount_residual, 100.0)

    def test_by_hand_and_matched_by_hand(self):
        """A return that is entered, or matched by a person, books its charge, too."""
        entered, matched = self._paid_order("Paul Kent"), self._paid_order("Laura Kent")
        self.env["gym.debit.return"]._enter(entered, self.am04, TODAY, charges=2.0)
        self.assertEqual(sum(entered.charge_move_id.line_ids.mapped("debit")), 2.0)
        entry = self._entry(
            matched, end_to_end_id="X", mandate_reference="", charges="4"
        )
        row = self._import(camt054([entry])).return_ids
        row._book_as(matched)
        self.assertEqual(sum(matched.charge_move_id.line_ids.mapped("debit")), 4.0)

    def test_noted_only(self):
        """Without an account, or a charge, nothing is booked; the charge is noted."""
        free = self._paid_order("Paul Kent")
        self._import_charged(free, charges="0")
        self.company.debit_charge_account_id = False
        noted = self._paid_order("Laura Kent")
        self._import_charged(noted)
        self.assertFalse((free | noted).charge_move_id)
        self.assertEqual(noted.return_charges, 3.5)

    def test_one_entry_for_many(self):
        """Debits that come back on one day share an entry: one cost, and for the
        statement a line with the number of each."""
        orders = self._paid_order("Paul Kent") | self._paid_order("Laura Kent")
        self._import_charged(*orders)
        move = orders.charge_move_id
        self.assertEqual(len(move), 1)
        self.assertEqual(move.line_ids.filtered("debit").mapped("balance"), [7.0])
        shown = move.line_ids.filtered("credit")
        self.assertEqual(shown.mapped("balance"), [-3.5, -3.5])
        for order, line in zip(orders, shown, strict=True):
            self.assertIn(order.name, line.name)

    def test_queries_of_many(self):
        """Ten more returns with charges cost no query more for booking the charges."""
        counts = []
        for number in (2, 12):
            orders = self.env["gym.debit.order"].union(
                *(self._paid_order(f"Paul Kent {number} {i}") for i in range(number))
            )
            orders._take_payments_back(TODAY)
            charges = dict.fromkeys(orders, 3.5)
            counts.append(self._count_queries(orders._book_charges, TODAY, charges))
        self.assertLessEqual(counts[1], counts[0])

    def test_one_bad_stops_nobody(self):
        """A debit that cannot come back is listed; the charges of the others are
        booked, and nothing of its own."""
        orders = self._paid_order("Paul Kent") | self._paid_order("Laura Kent")
        bad = self._paid_order("Bob Bad")
        place = type(bad)._charge_place

        def refuse(order, date):
            if order == bad:
                raise UserError("This one is on fire.")
            return place(order, date)

        self.patch(type(bad), "_charge_place", refuse)
        self._import_charged(*orders, bad)
        self.assertRecordValues(
            self._row_of(bad), [{"state": "failed", "message": "This one is on fire."}]
        )
        self.assertEqual(bad.state, "paid")
        self.assertFalse(bad.charge_move_id)
        self.assertEqual(set(orders.mapped("state")), {"returned"})
        self.assertTrue(all(order.charge_move_id for order in orders))

    def test_read_twice(self):
        """The same return in two files is charged once."""
        order = self._paid_order("Paul Kent")
        for booking in ("A", "B"):
            entry = self._entry(order, charges="3.50", booking=booking)
            self._import(camt054([entry]))
        costs = self.env["account.move.line"].search(
            [("account_id", "=", self.cost.id), ("name", "ilike", order.name)]
        )
        self.assertEqual(costs.move_id, order.charge_move_id)
        self.assertEqual(len(costs), 1)

    def test_second_attempt(self):
        """The second attempt that comes back books its own charge."""
        first = self._paid_order("Paul Kent")
        invoice = first.line_ids.move_id
        self._return(first, day=TODAY - timedelta(days=30), charges=3.0)
        run = self._generate(include_direct_debit=True)
        second = self._reminder(run, invoice.partner_id).debit_order_ids
        self.assertEqual(second.attempt, 2)
        second._set_state("exported")
        second._set_paid(second.execution_date)
        self._return(second, charges=4.0)
        self.assertNotEqual(first.charge_move_id, second.charge_move_id)
        self.assertEqual(sum(second.charge_move_id.line_ids.mapped("debit")), 4.0)

    def test_never_paid(self):
        """A debit that came back before it was booked as paid is charged where its
        payment would have been; without a bank the charge is noted only."""
        order = self._exported("Paul Kent")
        self._import_charged(order)
        paid = self._paid_order("Laura Kent")
        self.assertIn(
            self._liquidity(paid), order.charge_move_id.line_ids.mapped("account_id")
        )
        self.assertEqual(order.charge_move_id.journal_id, self.bank)
        without = self._exported("Will Without")
        self.company.debit_journal_id = False
        self._import_charged(without)
        self.assertEqual(without.state, "returned")
        self.assertFalse(without.charge_move_id)

    def test_locked_month(self):
        """In a month that is closed it is booked in the next open one, as the
        payment's reversal."""
        order = self._paid_order("Paul Kent")
        self.company.fiscalyear_lock_date = TODAY + timedelta(days=30)
        self._return(order, day=TODAY + timedelta(days=2), charges=3.5)
        back = order.payment_ids.move_id.reversal_move_ids
        self.assertEqual(order.charge_move_id.date, back.date)
        self.assertGreater(order.charge_move_id.date, TODAY + timedelta(days=30))

    def test_other_currency(self):
        """Charges in another currency are booked as they are noted: in the debit's, at
        the rate of the day."""
        order = self._paid_order("Paul Kent")
        rate = [
            ("currency_id", "=", self.euro.id),
            ("company_id", "=", self.company.id),
        ]
        self.env["res.currency.rate"].search(rate).rate = 2.0
        self._return(order, charges=8.0)
        cost = order.charge_move_id.line_ids.filtered("debit")
        self.assertEqual((cost.amount_currency, cost.balance), (8.0, 4.0))

    def test_archived_account(self):
        """An account that is no more is told; the debit can be booked once it is
        mended."""
        order = self._paid_order("Paul Kent")
        self.cost.active = False
        row = self._import_charged(order).return_ids
        self.assertEqual(row.state, "failed")
        self.assertIn(self.cost.code, row.message)
        self.cost.active = True
        row.action_book()
        self.assertTrue(order.charge_move_id)

    def test_by_a_clerk(self):
        """Whoever may import returns, and has no right to post, books their charges."""
        order = self._paid_order("Paul Kent")
        clerk = self._clerk()
        content = camt054([self._entry(order, charges="3.50")])
        files = self.env["gym.debit.return.file"].with_user(clerk)
        row = files._import("returns.xml", content, self.company).return_ids
        self.assertEqual(row.state, "booked")
        self.assertEqual(row.charge_move_id, order.charge_move_id)
        self.assertTrue(order.charge_move_id)

    def _clerk(self):
        return self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "charges_clerk",
                "group_ids": [
                    (6, 0, self.env.ref("gym_dunning.group_dunning_user").ids)
                ],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )


@tagged("post_install", "-at_install")
class TestDebitChargesCentres(CentresCommon, DebitCommon):
    """A centre's charges are its own costs, on the holding's accounts (costs: charges)."""

    def test_centre(self):
        """The holding's setting counts for its centres; each centre has its entry."""
        self.holding.debit_charge_account_id = self.company_data[
            "default_account_expense"
        ]
        self._give_rate()
        member = self._create_debtor("Cora Centre")
        invoice = self._create_invoice(member, company=self.centre_a)
        item = self._items(invoice)
        item.move_id.preferred_payment_method_line_id = self.by_debit
        order = self._collect_exported(invoice)
        order._set_paid(order.execution_date)
        self._return(order, charges=3.0)
        self.assertEqual(order.charge_move_id.company_id, self.centre_a)
        self.assertEqual(order.charge_move_id.journal_id, self.bank)
