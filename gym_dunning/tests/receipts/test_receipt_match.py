"""Whose money it is: references, numbers, accounts and names."""

from datetime import timedelta

from odoo.fields import Command

from ...tools.bank_file import ReceiptEntry
from .common_receipts import IBANS, TODAY, ReceiptsCommon


class TestReceiptMatch(ReceiptsCommon):
    def test_reference_of_a_reminder_pays_its_items(self):
        """16.2: the RF reference that the letter prints is matched and booked; both
        items are paid, and the level is gone with them."""
        first = self._create_invoice(self.anna, days=40)
        second = self._create_invoice(self.anna, days=30, amount=20)
        run = self._generate()
        reminder = self._reminder(run, self.anna)
        (receipt,) = self._import(self._entry(120, reference=self._reference(reminder)))
        self.assertEqual(receipt.state, "booked", receipt.message)
        self.assertIn(reminder.name, receipt.match_reason)
        self._assert_paid(first, second)
        self.assertEqual(receipt.payment_id.date, TODAY)
        self.assertEqual(receipt.payment_id.journal_id, self.bank)

    def _reference(self, reminder):
        return reminder.payment_reference.replace(" ", "")

    def test_reference_of_a_swiss_reminder(self):
        """16.2: the 27 digits of a QR bill are matched as well."""
        invoice = self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        digits = self.env["gym.dunning.payment"]._qr_reference(reminder)
        self._import(self._entry(100, reference=digits))
        self._assert_paid(invoice)

    def test_reference_in_the_text(self):
        """16.2: people type the reference into the text, with blanks."""
        invoice = self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        text = f"Ref {reminder.payment_reference} thanks"
        (receipt,) = self._import(self._entry(100, text=text))
        self.assertEqual(receipt.state, "booked")
        self._assert_paid(invoice)

    def test_numbers_as_people_type_them(self):
        """16.2: the number of an invoice, with blanks, without zeros, in small
        letters."""
        for form in ("{0}/{1}/{2}", "{0} {1} {2}", "{0}{1}{2}", "{0}-{1}-{3}"):
            invoice = self._create_invoice(self.anna)
            prefix, year, number = invoice.name.split("/")
            text = "invoice " + form.format(prefix.lower(), year, number, int(number))
            (receipt,) = self._import(self._entry(100, text=text))
            with self.subTest(text):
                self.assertEqual(receipt.state, "booked")
                self._assert_paid(invoice)

    def test_number_of_a_longer_one_is_none(self):
        """16.2: a number inside a longer one names no document."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, text=f"{invoice.name}99"))
        self.assertEqual(receipt.state, "unmatched")

    def test_reminder_paid_meanwhile_falls_back(self):
        """16.2: the reminder's items are paid; the money pays what is open else."""
        first = self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        self._pay(first)
        other = self._create_invoice(self.anna, days=5)
        (receipt,) = self._import(
            self._entry(
                100, reference=self._reference(reminder), date=TODAY + timedelta(20)
            )
        )
        self.assertEqual(receipt.state, "booked", receipt.message)
        self._assert_paid(other)

    def test_nothing_open_is_proposed(self):
        """16.2: everything is paid: a person decides whether it becomes a credit."""
        first = self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        self._pay(first, day=TODAY - timedelta(days=20))
        (receipt,) = self._import(self._entry(100, reference=self._reference(reminder)))
        self.assertEqual(receipt.state, "proposed")
        self.assertEqual(receipt.partner_id, self.anna)
        receipt.action_book()
        self.assertEqual(receipt.state, "booked")
        self.assertEqual(self._owes(self.anna), -100)

    def test_part_and_surplus(self):
        """16.2: less pays the oldest first, more stays as the member's credit."""
        old = self._create_invoice(self.anna, days=60, amount=50)
        new = self._create_invoice(self.anna, days=30, amount=50)
        reminder = self._reminder(self._generate(), self.anna)
        reference = self._reference(reminder)
        part, rest = self._import(
            self._entry(70, reference=reference), self._entry(60, reference=reference)
        )
        self.assertEqual((part.state, rest.state), ("booked", "booked"))
        self._assert_paid(old, new)
        self.assertEqual(part.amount_rest, 0)
        self.assertEqual(rest.amount_rest, 30)
        self.assertEqual(self._owes(self.anna), -30)

    def test_member_number(self):
        """16.2: a member number with letters is certain, digits by themselves only with
        a fitting amount."""
        self.anna.member_number = "M-000123"
        self.ben.member_number = "004711"
        hers = self._create_invoice(self.anna)
        his = self._create_invoice(self.ben)
        first, second, third = self._import(
            self._entry(30, text="Beitrag M 123"),
            self._entry(30, text="4711 danke"),
            self._entry(100, text="4711 danke"),
        )
        self.assertEqual(first.state, "booked")
        self.assertEqual(hers.amount_residual, 70)
        self.assertEqual((second.state, second.partner_id), ("proposed", self.ben))
        self.assertEqual(third.state, "booked")
        self._assert_paid(his)

    def test_account_and_name_are_proposed(self):
        """16.2: a known account, or the name with the exact amount, is a proposal."""
        self.env["res.partner.bank"].create(
            {"acc_number": IBANS[0], "partner_id": self.anna.id}
        )
        self._create_invoice(self.anna)
        self._create_invoice(self.ben, amount=49.9)
        rows = self._import(
            self._entry(100, iban=IBANS[0]),
            self._entry(49.9, name="KENT, BEN"),
            self._entry(12, iban=IBANS[0]),
            self._entry(12, name="Ben Kent"),
        )
        self.assertEqual(
            rows.mapped("state"), ["proposed", "proposed", "unmatched", "unmatched"]
        )
        self.assertEqual(
            [row.partner_id for row in rows],
            [self.anna, self.ben, self.anna, self.env["res.partner"]],
        )

    def test_one_item_of_just_this_amount_is_meant(self):
        """16.2: of several items the one that the amount is of is proposed."""
        self._create_invoice(self.anna, days=60, amount=30)
        meant = self._create_invoice(self.anna, days=20, amount=49.9)
        (receipt,) = self._import(self._entry(49.9, name="Anna Wolf"))
        self.assertEqual(receipt.line_ids.move_id, meant)

    def test_parent_pays_for_three_children(self):
        """16.2: the sum of what three members owe is booked for each of them; less is
        for a person to share."""
        children = [self._create_member(f"Child {number} Koch") for number in range(3)]
        invoices = [self._create_invoice(child, amount=30) for child in children]
        text = " ".join(invoice.name for invoice in invoices)
        (short,) = self._import(self._entry(80, text=text))
        self.assertEqual(short.state, "proposed")
        (full,) = self._import(self._entry(90, text=text))
        self.assertEqual(full.state, "booked")
        self._assert_paid(*invoices)
        self.assertEqual(len(full.payment_ids), 3)
        self.assertEqual(
            sorted(full.payment_ids.mapped("partner_id.name")),
            ["Child 0 Koch", "Child 1 Koch", "Child 2 Koch"],
        )

    def test_booked_by_hand_before(self):
        """16.2: a payment that somebody entered is not booked a second time."""
        first = self._create_invoice(self.anna)
        self._create_invoice(self.anna, days=20)
        self._pay(first, day=TODAY - timedelta(days=2))
        (receipt,) = self._import(self._entry(100, text=first.name))
        self.assertEqual(receipt.state, "proposed")
        self.assertIn("booked by hand", receipt.message)

    def test_contact_of_a_company(self):
        """16.2: of a member who is a contact of a company his own items are paid."""
        firm = self._create_member("Firm", is_company=True, member_status_id=False)
        anna = self._create_member("Anna At Work", parent_id=firm.id)
        ben = self._create_member("Ben At Work", parent_id=firm.id)
        hers, his = self._create_invoice(anna), self._create_invoice(ben, days=60)
        anna.member_number = "M-77"
        (receipt,) = self._import(self._entry(100, text="M-77"))
        self.assertEqual(receipt.state, "booked", receipt.message)
        self._assert_paid(hers)
        self.assertEqual(his.amount_residual, 100)

    def test_opening_entry(self):
        """16.2: the number of an entry of many members names nobody; a member's number
        pays what he owes of it."""
        account = self.company_data["default_account_receivable"]
        other = self.company_data["default_account_revenue"]
        self.anna.member_number = "M-55"
        lines = [(account, self.anna, 40), (account, self.ben, 60), (other, None, -100)]
        entry = self.env["account.move"].create(
            {
                "date": TODAY - timedelta(days=40),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": on.id,
                            "partner_id": partner and partner.id,
                            "balance": balance,
                        }
                    )
                    for on, partner, balance in lines
                ],
            }
        )
        entry.action_post()
        first, second = self._import(
            self._entry(40, text=entry.name), self._entry(40, text="M-55")
        )
        self.assertEqual((first.state, second.state), ("unmatched", "booked"))
        self.assertEqual(self._owes(self.anna), 0)
        self.assertEqual(self._owes(self.ben), 60)

    def test_queries_do_not_depend_on_the_number(self):
        """16.2: matching asks as often for 5 receipts as for 60."""
        for __ in range(60):
            self._create_invoice(self.anna)
        vals = [
            self.env["gym.receipt"]._prepare_vals(entry, self.bank, {})
            for entry in self._entries(60)
        ]
        for row in vals:
            row.update(doubt=False, currency_id=self.company.currency_id.id)
        matching = self.env["gym.receipt.matching"]
        few = self._count_queries(matching._match_vals, vals[:5], self.bank)
        many = self._count_queries(matching._match_vals, vals, self.bank)
        self.assertLessEqual(many, few + 3)

    def _entries(self, count):
        names = self.env["account.move"].search(
            [("partner_id", "=", self.anna.id)], limit=count
        )
        return [
            ReceiptEntry(key=str(number), text=move.name, amount=100)
            for number, move in enumerate(names)
        ]
