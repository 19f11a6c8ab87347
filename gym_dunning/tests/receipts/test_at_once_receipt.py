"""What came in and is not enough, or was taken back: reminded at once."""

from ..base.common_mail import MailCommon
from ..dunning.common_at_once import AtOnceMixin
from .common_receipts import IBANS, TODAY, ReceiptsCommon


class TestAtOnceReceipt(AtOnceMixin, ReceiptsCommon):
    """S-05: receipts that leave something due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls._set_up_at_once()
        cls.invoice = cls._create_invoice(cls.anna)

    def _received(self, amount=100, **values):
        values = {"text": self.invoice.name, **values}
        (receipt,) = self._import(self._entry(amount, **values))
        self.assertEqual(receipt.state, "booked", receipt.message)
        return receipt

    def _assert_reminded(self, amount, cause):
        self._cron_at_once()
        letter = self._reminded_at_once()
        self.assertEqual(letter.partner_id, self.anna)
        self.assertEqual(letter.amount_open, amount)
        self.assertEqual(set(letter.run_id.occasion_ids.mapped("cause")), {cause})

    def test_paid_in_full(self):
        """S-05: nothing is left, so nothing happens."""
        self._received()
        self.assertFalse(self._occasions())

    def test_paid_in_part(self):
        """S-05: what is left is reminded, by the same rules."""
        self._received(60)
        self._assert_reminded(40, "part_paid")

    def test_small_rest(self):
        """S-05: below the policy's minimum it is not."""
        self.policy.min_balance = 50
        self._received(60)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())

    def test_rest_paid_meanwhile(self):
        """S-05: the second half came with the next file."""
        self._received(60)
        self._received(40)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertFalse(self._occasions())

    def test_taken_back_by_the_bank(self):
        """S-05: a credit that the bank takes back is owed again."""
        self._received(end_to_end_id="E-9", iban=IBANS[2])
        (entry,) = self._import(
            self._entry(
                100,
                text=self.invoice.name,
                end_to_end_id="E-9",
                iban=IBANS[2],
                direction="DBIT",
                code="AC03",
            ),
            message_id="CAMT-2",
        )
        entry.action_book()
        self.assertEqual(entry.state, "booked", entry.message)
        self._assert_reminded(100, "taken_back")

    def test_taken_back_and_still_in_the_list(self):
        """S-05: whoever took it back is still deciding whose it is: nothing happened
        yet."""
        self._received().action_take_back()
        self.assertFalse(self._occasions())

    def test_taken_back_and_booked_again(self):
        """S-05: taken back by mistake; booked again before the run came."""
        receipt = self._received()
        receipt.action_take_back()
        receipt.action_book()
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertFalse(self._occasions())

    def test_taken_back_and_put_aside(self):
        """S-05: it is no member's, so she owes again."""
        receipt = self._received()
        receipt.action_take_back()
        self._cron_at_once()
        receipt._put_aside("A refund of the landlord")
        self._assert_reminded(100, "taken_back")

    def test_taken_back_and_booked_to_an_account(self):
        """S-05: it is a sale of the bar, so she owes again."""
        receipt = self._received()
        receipt.action_take_back()
        self._cron_at_once()
        account = self.company_data["default_account_revenue"]
        receipt._book_to(account, "Bar")
        self._assert_reminded(100, "taken_back")

    def test_taken_back_and_somebody_elses(self):
        """S-05: it was Ben's: Anna owes again, and Ben does not."""
        bill = self._create_invoice(self.ben)
        receipt = self._received()
        receipt.action_take_back()
        self._cron_at_once()
        receipt.action_assign(self.ben)
        self._assert_paid(bill)
        self._assert_reminded(100, "taken_back")

    def test_put_aside_without_having_been_booked(self):
        """S-05: what never paid anything takes nothing back."""
        (receipt,) = self._import(self._entry(100, name="Anna Wolf"))
        receipt._put_aside("Unknown")
        self.assertFalse(self._occasions())

    def test_may_be_the_member_who_was_named(self):
        """S-05: a receipt in the list that bears her name leaves her to the night."""
        self._received(60)
        self._import(self._entry(40, name="Anna Wolf"))
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())


class TestAtOnceMailed(AtOnceMixin, MailCommon, ReceiptsCommon):
    """S-01, S-05: the letter of a part payment reaches a real mail server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls._set_up_at_once()

    def test_file_at_nine_letter_at_once(self):
        """S-01, S-05: imported, reminded, received."""
        invoice = self._create_invoice(self.anna)
        self._import(self._entry(60, text=invoice.name))
        self._cron_at_once()
        self._empty_outbox()
        self.assertEqual(len(self.postbox.to(self.anna.email)), 1)
        self.assertEqual(self._reminded_at_once().delivery_state, "sent")
