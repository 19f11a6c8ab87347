import random
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.debit.gym_debit_return_prepare import Preview
from ...tools.bank_file import UNREADABLE, UnreadableFile
from ..base.common import TODAY
from .common_debit_return import DebitReturnCommon
from .debit_files import camt053, camt054, pain002

PARAMS = dict.fromkeys(("size", "limit"), 2**21) | {"root": "Foo", "value": "1,2"}


@tagged("post_install", "-at_install")
class TestDebitImport(DebitReturnCommon):
    """The bank's files of returns (debits 4 and 6)."""

    def test_story(self):
        """Debits, done means: the option makes the debits, AM04 and AC04 come back;
        both invoices are open at their old level, and the next run debits the one
        again and writes a letter to the other."""
        members = self._create_debtor("Sam Soft"), self._create_debtor("Hal Hard")
        invoices = [self._create_invoice(member) for member in members]
        __, day = self._run_levels(1, include_direct_debit=True)
        soft, hard = (self._orders_of(member) for member in members)
        day = soft.execution_date
        (soft | hard).batch_id.action_export()
        (soft | hard)._set_paid(day)
        self._import(
            camt054(
                [
                    self._entry(soft, code="AM04", date=day),
                    self._entry(hard, code="AC04", date=day),
                ]
            )
        )
        self.assertEqual((soft.state, hard.state), ("returned", "returned"))
        day += timedelta(days=30)
        for invoice in invoices:
            self.assertEqual(invoice.payment_state, "not_paid")
            self.assertEqual(self._item(invoice, day).level_id.name, "One")
        run = self._generate(day, include_direct_debit=True)
        again = self._orders_of(members[0]) - soft
        self.assertRecordValues(again, [{"state": "draft", "attempt": 2}])
        self.assertEqual(self._orders_of(members[1]), hard)
        letter = self._reminder(run, members[1])
        self.assertEqual((letter.state, letter.level_id.name), ("issued", "Two"))
        self.assertFalse(letter._announced_debit())

    def test_same_file_twice(self):
        """The same file twice books nothing twice; it leads to what it brought."""
        order = self._exported("Paul Kent")
        content = camt054([self._entry(order)])
        first = self._import(content)
        self.assertEqual(self._import(content), first)
        self.assertEqual(first.entry_count, 1)
        self.assertEqual(self._preview(content), Preview(known=1))

    def test_statement_after_advice(self):
        """camt.053 after camt.054: the entries are known, only the new one is booked."""
        one, other = self._exported("Paul Kent"), self._exported("Laura Kent")
        self._import(camt054([self._entry(one, booking="B-1")]))
        statement = camt053(
            [self._entry(one, booking="B-1"), self._entry(other, booking="B-2")]
        )
        self.assertEqual(self._preview(statement), Preview(matched=1, known=1))
        file = self._import(statement)
        self.assertRecordValues(
            file, [{"known_count": 1, "entry_count": 1, "booked_count": 1}]
        )
        self.assertEqual(file.return_ids.order_id, other)

    def test_twice_in_one_file(self):
        """An entry that stands in the file twice is one return."""
        order = self._exported("Paul Kent")
        file = self._import(camt054([self._entry(order, booking="B-1")] * 2))
        self.assertEqual((file.entry_count, file.known_count), (1, 1))

    def test_charges(self):
        """Charges are recorded apart: the invoice is open with its own amount."""
        order = self._exported("Paul Kent")
        file = self._import(camt054([self._entry(order, charges="3.50")]))
        self.assertRecordValues(file.return_ids, [{"amount": 100.0, "charges": 3.5}])
        self.assertEqual(order.return_charges, 3.5)
        invoice = order.line_ids.move_id
        self.assertEqual(self._item(invoice).amount_residual, 100.0)

    def test_charges_in_another_currency(self):
        """Charges in the company's currency are converted for the order."""
        order = self._exported("Paul Kent")
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.euro.id), ("company_id", "=", self.company.id)]
        ).rate = 2.0
        own = f'<Chrgs><Rcrd><Amt Ccy="{self.company.currency_id.name}">'
        content = camt054([self._entry(order, charges="4.00")])
        changed = content.replace(b'<Chrgs><Rcrd><Amt Ccy="EUR">', own.encode())
        self.assertNotEqual(changed, content)
        row = self._import(changed).return_ids
        self.assertEqual((row.charges, order.return_charges), (4.0, 8.0))

    def test_unknown_reason(self):
        """A code that is not in the list: the bank's own text is kept, the reason is
        'Another reason', and the preview counts it."""
        order = self._exported("Paul Kent")
        content = camt054([self._entry(order, code="ZZ99", info="Ask us")])
        self.assertEqual(self._preview(content), Preview(matched=1, other=1))
        row = self._import(content).return_ids
        other = self.env.ref("gym_dunning.debit_return_other")
        self.assertRecordValues(row, [{"code": "ZZ99", "return_code_id": other.id}])
        self.assertRecordValues(
            order, [{"return_code_id": other.id, "return_note": "ZZ99 Ask us"}]
        )

    def test_rejected_before_booking(self):
        """pain.002 rejects one debit: it comes back on the day of the report."""
        order = self._exported("Paul Kent")
        entry = {"end_to_end_id": order.name, "amount": "100.00", "code": "AC01"}
        row = self._import(pain002([entry])).return_ids
        self.assertRecordValues(row, [{"state": "booked", "booking_date": TODAY}])
        self.assertEqual(order.return_date, TODAY)

    def test_one_failing_stops_no_other(self):
        """A return that cannot be booked says why; the others are. Retry books it
        when the cause is mended."""
        orders = [self._exported(name) for name in ("Ann", "Ben", "Cleo")]
        bad = self._paid_order("Dan")
        account = bad.payment_ids.destination_account_id
        self._import_others_while_inactive(account, [*orders, bad])
        row = self._row_of(bad)
        self.assertEqual(row.state, "failed")
        self.assertTrue(row.message)
        self.assertEqual([one.state for one in orders], ["returned"] * 3)
        account.active = True
        row.action_book()
        self.assertRecordValues(row, [{"state": "booked", "message": False}])
        self.assertEqual(bad.state, "returned")

    def _import_others_while_inactive(self, account, orders):
        """Posting on an archived account is refused by Odoo."""
        account.active = False
        self._import(camt054([self._entry(one) for one in orders]))

    # === THE DIALOG === #

    def test_dialog(self):
        """Several files at once: a preview, then the list; a bad one stops no other."""
        one, other = self._exported("Paul Kent"), self._exported("Laura Kent")
        dialog = self._dialog(
            camt054([self._entry(one), {"end_to_end_id": "X-1"}]),
            camt054([self._entry(other, code="ZZ99")], message_id="CAMT-2"),
            b"no XML",
        )
        self.assertRecordValues(
            dialog,
            [
                {
                    "matched_count": 2,
                    "unmatched_count": 1,
                    "known_count": 0,
                    "other_count": 1,
                    "is_readable": True,
                }
            ],
        )
        self.assertIn("file-2.xml is damaged or not an XML file", dialog.problems)
        self.assertEqual(one.state, "exported")
        told = dialog.action_import()["params"]
        self.assertIn("2 booked, 1 to work on, 0 already known", told["message"])
        self.assertIn("file-2.xml", told["message"])
        rows = self.env["gym.debit.return"].search(told["next"]["domain"])
        self.assertEqual(
            sorted(rows.mapped("state")), ["booked", "booked", "unmatched"]
        )
        self.assertEqual(set(rows.file_id.mapped("name")), {"file-0.xml", "file-1.xml"})

    def test_chosen_once_more(self):
        """Files that were imported before book nothing, and the result says so."""
        contents = (
            camt054(
                [self._entry(self._exported("Paul Kent")), {"end_to_end_id": "X-1"}]
            ),
            camt054([self._entry(self._exported("Laura Kent"))], message_id="CAMT-2"),
        )
        told = self._dialog(contents[0]).action_import()["params"]["message"]
        self.assertEqual(told, "1 booked, 1 to work on, 0 already known.")
        told = self._dialog(*contents).action_import()["params"]["message"]
        self.assertEqual(told, "1 booked, 1 to work on, 2 already known.")
        told = self._dialog(*contents).action_import()["params"]["message"]
        self.assertEqual(told, "0 booked, 1 to work on, 3 already known.")

    def test_large_file(self):
        """A large file is booked in the background, and the clerk is told."""
        orders = [self._exported(name) for name in ("Ann", "Ben", "Cleo")]
        path = "odoo.addons.gym_dunning.models.base.gym_bank_file.AT_ONCE"
        entries = [*map(self._entry, orders), {"end_to_end_id": "OLD-1"}]
        with patch(path, 2):
            told = self._dialog(camt054(entries)).action_import()["params"]
        self.assertIn(
            "3 are being booked in the background, 1 to work", told["message"]
        )
        self.assertEqual({one.state for one in orders}, {"exported"})
        self._work()
        self.assertEqual({one.state for one in orders}, {"returned"})
        self.assertRecordValues(
            self._files(),
            [{"booked_count": 3, "open_count": 1, "process_state": "done"}],
        )

    def test_nothing_readable(self):
        """Only bad files: a sentence, and nothing is kept."""
        with self.assertRaisesRegex(UserError, "file-0.xml is empty"):
            self._dialog(b" ").action_import()
        with self.assertRaisesRegex(UserError, "at least one file"):
            self._dialog().action_import()
        self.assertFalse(self._files())

    def test_every_refusal_has_a_sentence(self):
        """Debits 6: each of the reader's codes is a sentence that names the file."""
        files = self.env["gym.debit.return.file"]
        for code in UNREADABLE:
            with self.subTest(code=code):
                error = UnreadableFile(code, **PARAMS)
                sentence = files._unreadable_sentence("a.xml", error)
                self.assertTrue(sentence.startswith("a.xml "))
                self.assertNotIn("%(", sentence)

    def test_hostile_files(self):
        """Debits 6: hundreds of broken files book nothing and end in sentences."""
        order = self._exported("Paul Kent")
        content = camt054([self._entry(order, end_to_end_id="unknown")])
        chance = random.Random(7)
        refused = 0
        for number in range(300):
            broken = self._broken(content, chance)
            try:
                self.env["gym.debit.return.file"]._import(
                    f"{number}.xml", broken, self.company
                )
            except UserError as error:
                self.assertIn(f"{number}.xml", error.args[0])
                refused += 1
        self.assertGreater(refused, 100)
        rows = self.env["gym.debit.return"].search([])
        self.assertNotIn("booked", rows.mapped("state"))
        self.assertEqual(order.state, "exported")

    def _broken(self, content, chance):
        """Change, cut out or double some bytes."""
        data = bytearray(content)
        for __ in range(chance.randint(1, 4)):
            start = chance.randrange(len(data))
            end = start + chance.randint(1, 30)
            kind = chance.randrange(3)
            if kind == 0:
                data[start] = chance.randrange(256)
            elif kind == 1:
                del data[start:end]
            else:
                data[start:start] = data[start:end]
        return bytes(data)

    def test_queries_of_matching(self):
        """Matching costs the same number of queries for few and for many entries."""
        few = self._count_unmatched(5, "few")
        self.assertLessEqual(self._count_unmatched(60, "many"), few + 2)

    def _count_unmatched(self, number, name):
        entries = [{"end_to_end_id": f"{name}-{one}"} for one in range(number)]
        return self._count(camt054(entries, message_id=name))

    def _count(self, content):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._import(content)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_of_booking(self):
        """The cost of booking grows with the bookings, and with nothing else."""
        few, many = self._count_booked(4), self._count_booked(24)
        self.assertLess(many, few + 20 * 12)

    def _count_booked(self, number):
        orders = [self._exported(f"Member {number} {one}") for one in range(number)]
        content = camt054([self._entry(order) for order in orders])
        return self._count(content)

    def test_files_are_kept(self):
        """The file stays as the bank sent it, with who brought it."""
        content = camt054([{"end_to_end_id": "X-1"}], message_id="CAMT-9")
        file = self._import(content)
        self.assertEqual(file.attachment_id.raw, content)
        self.assertRecordValues(
            file,
            [
                {
                    "kind": "camt.054",
                    "message_id": "CAMT-9",
                    "user_id": self.env.uid,
                    "open_count": 1,
                }
            ],
        )

    def _dialog(self, *contents):
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"file-{number}.xml",
                    "raw": content,
                    "res_model": "gym.debit.return.import",
                }
                for number, content in enumerate(contents)
            ]
        )
        return self.env["gym.debit.return.import"].create(
            {
                "company_id": self.company.id,
                "attachment_ids": [Command.set(attachments.ids)],
            }
        )
