"""A direct debit that comes back: its member is reminded at once."""

from unittest.mock import patch

from ...models.base import gym_bank_file
from ..base.common import TODAY
from ..dunning.common_at_once import AtOnceMixin
from .common_debit_return import DebitReturnCommon
from .debit_files import camt054, pain002


class TestAtOnceDebit(AtOnceMixin, DebitReturnCommon):
    """S-05: the bank's file at nine, the letter a minute later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_at_once()

    def _reminded(self):
        return self._reminded_at_once().partner_id

    def test_returns_of_a_file(self):
        """S-05: all returns of a file are one run; who stays debited gets nothing."""
        orders = [self._exported(f"Debtor {number}") for number in range(3)]
        still = self._exported("Still there")
        self._import(camt054([self._entry(order) for order in orders]))
        self._cron_at_once()
        members = self.env["res.partner"].union(*(one.partner_id for one in orders))
        self.assertEqual(len(self._runs_at_once()), 1)
        self.assertEqual(self._reminded(), members)
        self.assertEqual(
            set(self._runs_at_once().occasion_ids.mapped("cause")), {"returned"}
        )
        self.assertNotIn(
            still.partner_id, self._runs_at_once().exclusion_ids.partner_id
        )

    def test_large_file_is_one_run(self):
        """S-05, E-68b: one that is booked in the background makes no run before it is
        booked as a whole."""
        orders = [self._exported(f"Debtor {number}") for number in range(3)]
        returns = type(self.env["gym.debit.return"])
        with (
            patch.object(gym_bank_file, "AT_ONCE", 2),
            patch.object(returns, "_batch", 2),
        ):
            self._import(camt054([self._entry(order) for order in orders]))
            process = self.env["gym.process"].search([("step", "=", "book")])
            process.sudo()._work_batch()
        self.assertEqual(len(self._waiting()), 2, "the last one is not booked yet")
        self._cron_at_once()  # finds the job at work; then that is worked to its end
        self.assertFalse(self._runs_at_once())
        self.assertEqual(len(self._waiting()), 3)
        self._cron_at_once()
        self.assertEqual(len(self._runs_at_once()), 1)
        self.assertEqual(len(self._reminded()), 3)

    def test_collected_and_returned(self):
        """S-05: one that was paid already is owed again, and reminded."""
        order = self._paid_order("Paid")
        self._import(camt054([self._entry(order)]))
        self._cron_at_once()
        self.assertEqual(self._reminded(), order.partner_id)

    def test_file_rejected_by_the_bank(self):
        """S-05: a rejection is a return, whatever file says so."""
        order = self._exported("Rejected")
        self._import(pain002([self._entry(order)]))
        self._cron_at_once()
        self.assertEqual(self._reminded(), order.partner_id)

    def test_entered_by_hand(self):
        """S-05: a return from paper counts, too."""
        order = self._exported("By hand")
        self.env["gym.debit.return"]._enter(order, self.am04, TODAY)
        self._cron_at_once()
        self.assertEqual(self._reminded(), order.partner_id)

    def test_chosen_by_hand(self):
        """S-05: one that a clerk had to find counts when it is found."""
        order = self._exported("Lost")
        entry = self._entry(
            order, end_to_end_id="", mandate_reference="", amount="77.00", name="X"
        )
        self._import(camt054([entry]))
        row = self.env["gym.debit.return"].search([("order_id", "=", False)])
        self.assertEqual(row.state, "unmatched")
        self.assertFalse(self._occasions())
        row.sudo().amount = order.amount
        row._book_as(order)
        self._cron_at_once()
        self.assertEqual(self._reminded(), order.partner_id)

    def test_failed_return_tells_nothing(self):
        """S-05: a return that was not booked reminds nobody; the others do."""
        sound, broken = self._exported("Sound"), self._exported("Broken")
        broken._set_state("cancelled")
        self._import(camt054([self._entry(sound), self._entry(broken)]))
        self.assertEqual(self._row_of(sound).state, "booked")
        self._cron_at_once()
        self.assertEqual(self._runs_at_once().occasion_ids.partner_id, sound.partner_id)
        self.assertEqual(self._reminded(), sound.partner_id)

    def test_paid_otherwise_meanwhile(self):
        """S-05: who transfers the money before the run gets no letter."""
        order = self._exported("Quick")
        self._import(camt054([self._entry(order)]))
        self._credit(order.partner_id, 100.0)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertFalse(self._occasions())

    def test_collected_again_meanwhile(self):
        """S-05, E-35: what was sent to the bank again is not reminded."""
        order = self._exported("Again")
        self._import(camt054([self._entry(order)]))
        self._collect_exported(order.line_ids.move_line_id.move_id)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())

    def test_imported_again(self):
        """S-05: the same returns in another file tell nothing new."""
        order = self._exported("Twice")
        self._import(camt054([self._entry(order)]))
        self._cron_at_once()
        self._import(camt054([self._entry(order)], message_id="CAMT-2"), "again.xml")
        self.assertFalse(self._waiting())

    def test_payer_of_several_children(self):
        """S-05: of two children of a payer, the one whose debit came back."""
        parent = self._create_debtor("Parent")
        children = [
            self._create_debtor(name, mandate=False, parent_id=parent.id)
            for name in ("Tim", "Tom")
        ]
        bills = [self._create_invoice(child) for child in children]
        order = self._collect_exported(bills[0])
        self.assertEqual(order.partner_id, parent)
        self._import(camt054([self._entry(order)]))
        self._cron_at_once()
        letter = self._reminded_at_once()
        self.assertEqual(letter.partner_id, parent)
        self.assertEqual(letter.line_ids.move_id, bills[0])
