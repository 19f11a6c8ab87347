"""A payment reported twice, and two equal payments, told apart."""

import random

from .test_agency_answers import PAID_ON, AnswerCommon


class TestAgencyPayments(AnswerCommon):
    """M6: what counts once and what counts twice, to the cent."""

    def _paid(self, amount, **vals):
        return self._row(self.one, paid_amount=amount, payment_date=PAID_ON) | vals

    def test_two_equal_instalments_in_one_message(self):
        """M6: rows of one message are as many payments; the message again is none."""
        message = [self._paid(20), self._paid(20), self._paid("20.00")]
        self.assertEqual(self._counts(self._take(*message)), (3, 0, 0))
        self.assertEqual(self.one.amount_recovered, 60.0)
        self.assertEqual(self._counts(self._take(*message)), (0, 3, 0))
        self.assertEqual(self._counts(self._take(self._paid(20))), (0, 1, 0))
        self.assertEqual(self.one.amount_recovered, 60.0)

    def test_a_reference_names_a_payment(self):
        """M6: the same reference is the same payment, another one is another."""
        first, second = (
            self._paid(20, payment_reference=name) for name in ("P-1", "P-2")
        )
        self.assertEqual(self._counts(self._take(first)), (1, 0, 0))
        self.assertEqual(self._counts(self._take(first, first)), (0, 2, 0))
        self.assertEqual(self._counts(self._take(second)), (1, 0, 0))
        self.assertEqual(self._counts(self._take(second, first)), (0, 2, 0))
        self.assertEqual(self.one.amount_recovered, 40.0)
        self.assertEqual(
            self.one.payment_ids.sorted("id").mapped("reference"), ["P-1", "P-2"]
        )

    def test_a_reference_with_another_amount_is_refused(self):
        """M6: a payment is not changed by a second report."""
        self._take(self._paid(20, payment_reference="P-1"))
        self._assert_refused("P-1", self._paid(30, payment_reference="P-1"))
        later = self._paid(20, payment_reference="P-1", payment_date="2026-03-21")
        self._assert_refused("P-1", later)
        self.assertEqual(self.one.amount_recovered, 20.0)

    def test_references_of_two_lines(self):
        """M6: a reference is the line's; another member's may be the same."""
        other = self._row(self.two, paid_amount=20, payment_date=PAID_ON)
        rows = self._paid(20, payment_reference="1"), other | {"payment_reference": "1"}
        self.assertEqual(self._counts(self._take(*rows)), (2, 0, 0))

    def test_with_and_without_reference_in_one_message(self):
        """M6: a row without a reference is another payment than the named one beside
        it; the message again changes nothing."""
        message = [self._paid(20), self._paid(20, payment_reference="P-1")]
        self.assertEqual(self._counts(self._take(*message)), (2, 0, 0))
        self.assertEqual(self._counts(self._take(*message)), (0, 2, 0))
        self.assertEqual(self._counts(self._take(*reversed(message))), (0, 2, 0))
        self.assertEqual(self.one.amount_recovered, 40.0)

    def test_a_reference_completes_what_was_reported_without(self):
        """M6: an agency that begins to send references doubles nothing."""
        self._take(self._paid(20))
        named = self._paid(20, payment_reference="P-1")
        self.assertEqual(self._counts(self._take(named)), (0, 1, 0))
        self.assertEqual(self.one.payment_ids.reference, "P-1")
        self.assertEqual(self.one.amount_recovered, 20.0)

    def test_known_payments_of_a_file_that_is_over(self):
        """M6: a history told again is no news, also of who was taken back since."""
        self._take(self._paid(20))
        self.one.action_withdraw()
        self.assertEqual(self._counts(self._take(self._paid(20))), (0, 1, 0))

    def test_random_cents(self):
        """Kind 7: instalments of random cents make the claim to the cent, then the
        file is paid, and one cent more is refused."""
        for seed in range(5):
            line = self.handover.line_ids[seed % 3]
            line.sudo().payment_ids.unlink()
            chance = random.Random(seed)
            left = round(line.amount * 100)
            rows = []
            while left:
                cents = min(left, chance.randint(1, 1999))
                left -= cents
                rows.append(
                    self._row(line, paid_amount=cents / 100, payment_date=PAID_ON)
                )
            with self.subTest(seed=seed, rows=len(rows)):
                self.assertEqual(self._counts(self._take(*rows)), (len(rows), 0, 0))
                self.assertEqual(line.file_state, "paid")
                self.assertEqual(self._counts(self._take(*rows)), (0, len(rows), 0))
                more = self._row(line, paid_amount=0.01, payment_date="2026-03-21")
                self._assert_refused("more than the claim", more)
