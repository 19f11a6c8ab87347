"""Bank files on a real server with real commits: killed at work, and two at once."""

from base64 import b64encode
from decimal import Decimal

from odoo.fields import Command

from ..base.common_committed import CommittedGymCase
from ..debit.debit_files import camt053, camt054
from .common_receipts import BANK_IBAN, RECEIVED

RECEIPTS = 160  # four batches of at most 50


class TestReceiptKilled(CommittedGymCase):
    """Nothing is lost and nothing is booked twice, whatever kills the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.database.env() as env:
            env["account.journal"].create(
                {
                    "name": "House bank",
                    "type": "bank",
                    "code": "HBK",
                    "bank_acc_number": BANK_IBAN,
                }
            )
            cls.currency = env.company.currency_id.name
        cls._start_server()

    def setUp(self):
        super().setUp()
        # one that was killed is started again elsewhere
        self.anna, self.bert = self._browser("anna"), self._browser("bert")

    def _entries(self, members):
        """Return a payment of 100 of each member, who names his number."""
        with self.database.env() as env:
            partners = env["res.partner"].browse(members)
            for partner in partners:
                partner.member_number = f"KM-{partner.id}"
            return [
                {
                    "amount": Decimal("100.00"),
                    "currency": self.currency,
                    "direction": "CRDT",
                    "bank_code": RECEIVED,
                    "booking": f"R-{partner.id}",
                    "text": f"Membership {partner.member_number}",
                }
                for partner in partners
            ]

    def _dialog(self, browser, content):
        """Return the id of a dialog with the file, as the browser uploads it."""
        vals = {
            "name": "bank.xml",
            "datas": b64encode(content).decode(),
            "res_model": "gym.receipt.import",
        }
        [attachment] = browser.call("ir.attachment", "create", [vals])
        vals = {"attachment_ids": [Command.set([attachment])]}
        [dialog] = browser.call("gym.receipt.import", "create", [vals])
        return dialog

    def _import(self, browser, content):
        dialog = self._dialog(browser, content)
        return lambda: browser.call("gym.receipt.import", "action_import", [dialog])

    def _assert_paid_once(self, members):
        rows = self.database.sql(
            """SELECT count(*), count(DISTINCT payment.gym_receipt_id),
                      sum(payment.amount)
                 FROM account_payment payment WHERE payment.partner_id = ANY(%s)""",
            members,
        )
        count = len(members)
        self.assertEqual(rows, [(count, count, 100 * count)])
        left = self.database.value(
            """SELECT count(*) FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE line.partner_id = ANY(%s) AND NOT line.reconciled
                  AND account.account_type = 'asset_receivable'""",
            members,
        )
        self.assertEqual(left, 0)

    def test_killed_while_booking(self):
        """16, faults: after kill -9 in mid-booking it goes on; each entry once."""
        members = self._create_late_members(RECEIPTS, "Killed")
        content = camt054(self._entries(members), account=BANK_IBAN)
        self._import(self.anna, content)()
        self._kill_at(
            """SELECT id FROM gym_receipt
                WHERE id = (SELECT id FROM gym_receipt WHERE state = 'matched'
                             ORDER BY id OFFSET 70 LIMIT 1)"""
        )
        self._start_server()

        def is_done():
            self.server.wake()
            waiting = "SELECT count(*) FROM gym_receipt WHERE state = 'matched'"
            return not self.database.value(waiting)

        self.server.wait(is_done, "all receipts are booked")
        self._assert_paid_once(members)

    def test_two_import_at_once(self):
        """16, faults: advice and statement of the same money are imported at once by
        two people: booked once."""
        for number in range(3):
            members = self._create_late_members(4, f"Told twice {number}")
            entries = self._entries(members)
            refusals = self._refusals(
                self._at_once(
                    self._import(self.anna, camt054(entries, account=BANK_IBAN)),
                    self._import(self.bert, camt053(entries, account=BANK_IBAN)),
                )
            )
            self.assertFalse(refusals)
            self._assert_paid_once(members)

    def test_two_book_at_once(self):
        """16, faults: two people press Book on the same receipts."""
        with self.database.env() as env:
            env.company.receipt_booking = "look"
        members = self._create_late_members(6, "Booked twice")
        content = camt054(self._entries(members), account=BANK_IBAN)
        self._import(self.anna, content)()
        with self.database.env() as env:
            ids = env["gym.receipt"].search([("partner_id", "in", members)]).ids
            env.company.receipt_booking = "book"
        self._at_once(
            lambda: self.anna.call("gym.receipt", "action_book", ids),
            lambda: self.bert.call("gym.receipt", "action_book", ids),
        )
        self._assert_paid_once(members)
