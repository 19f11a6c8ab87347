import csv
from datetime import date, timedelta
from hashlib import sha256
from importlib import resources

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user

from ...models.debit.reasons import OF_BATCH, OF_DEBIT
from ...reports.debit.debit_file import REASONS
from ..base.common import TODAY
from .common_debit import IBAN
from .common_debit_batch import DAY, BatchCommon

# Ours; the others come from the writers.
OWN = {
    "creditor_account_missing",
    "date_holiday",
    "date_passed",
    "mandate_lapsed",
    "mandate_not_active",
    "mandate_without_account",
}


class TestDebitExport(BatchCommon):
    """What goes to the bank, and what is refused before (debits 3)."""

    def _root(self, batch):
        return etree.fromstring(batch.attachment_id.raw)

    def _texts(self, batch, name):
        return [one.text for one in self._root(batch).iter(f"{{*}}{name}")]

    def _validate(self, batch, version):
        schemas = resources.files("sepaxml") / "schemas"
        schema = etree.XMLSchema(etree.parse(str(schemas / f"{version}.xsd")))
        schema.assertValid(self._root(batch))

    # === FILES === #

    def test_sepa(self):
        """Debits 3: the file validates; sums, day, ids and mandates are ours."""
        batch = self._exported(2)
        self._validate(batch, "pain.008.001.08")
        self.assertEqual(batch.state, "exported")
        self.assertEqual(batch.attachment_id.name, f"{batch.name}_{DAY}.xml")
        self.assertEqual(self._texts(batch, "MsgId"), [batch.name])
        self.assertEqual(self._texts(batch, "CtrlSum")[0], "200.00")
        self.assertEqual(self._texts(batch, "ReqdColltnDt"), [str(DAY)])
        orders = batch.order_ids.sorted("id")
        self.assertEqual(self._texts(batch, "EndToEndId"), orders.mapped("name"))
        self.assertEqual(self._texts(batch, "MndtId"), orders.mandate_id.mapped("name"))
        self.assertEqual(set(orders.mapped("state")), {"exported"})

    def test_older_version(self):
        """Debits 3: the settings choose the older version, which validates, too."""
        self.company.debit_format = "pain.008.001.02"
        self._validate(self._exported(1), "pain.008.001.02")

    def test_sequence(self):
        """Debits 3: a mandate's first use is FRST, all others RCUR."""
        batch = self._exported(1)
        self.assertEqual(self._texts(batch, "SeqTp"), ["FRST"])
        self._create_invoice(batch.order_ids.partner_id, amount=20.0)
        again = self._collect_due()
        again.action_export()
        self.assertEqual(self._texts(again, "SeqTp"), ["RCUR"])

    def test_text_of_the_statement(self):
        """Debits 3: the member reads who collects, and which documents."""
        batch = self._exported(1)
        [text] = self._texts(batch, "Ustrd")
        self.assertIn(batch.order_ids.line_ids.move_id.name, text)

    def test_list_for_other_schemes(self):
        """Debits 3: what no writer knows leaves as a list."""
        member = self._create_debtor("Other Otto", mandate=False)
        self._create_mandate(member, scheme="other")
        self._create_invoice(member)
        batch = self._collect_due()
        batch.action_export()
        self.assertEqual(batch.attachment_id.name, f"{batch.name}_{DAY}.csv")
        text = batch.attachment_id.raw.decode("utf-8-sig")
        [row] = csv.DictReader(text.splitlines(), dialect=csv.Sniffer().sniff(text))
        self.assertEqual(row["end_to_end_id"], batch.order_ids.name)
        self.assertEqual(row["debtor_name"], "Other Otto")
        self.assertEqual(float(row["amount"]), 100.0)

    # === AS OF NOW === #

    def test_paid_meanwhile(self):
        """Debits 3: what was paid meanwhile is not collected; its debit is
        cancelled."""
        members = self._members_who_owe(2)
        batch = self._collect_due()
        paid = batch.order_ids.filtered(lambda o: o.partner_id == members[0])
        self._pay(paid.line_ids.move_id)
        batch.action_export()
        self.assertEqual(paid.state, "cancelled")
        self.assertIn("Nothing is left", paid.message_ids[0].body)
        self.assertEqual((batch.order_count, batch.amount), (1, 100.0))
        self.assertEqual(self._texts(batch, "CtrlSum")[0], "100.00")

    def test_paid_in_part(self):
        """Debits 3: what was paid in part is collected for the rest."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self._pay(batch.order_ids.line_ids.move_id, amount=30.0)
        batch.action_export()
        self.assertEqual(self._texts(batch, "InstdAmt"), ["70.00"])
        notes = "".join(batch.order_ids.message_ids.mapped("body"))
        self.assertIn("70.00", notes)

    def test_disputed_meanwhile(self):
        """Debits 2: an item that is disputed meanwhile leaves, the others stay; it
        is held by the dispute only."""
        member = self._create_debtor("Dora Debit")
        kept = self._create_invoice(member)
        disputed = self._create_invoice(member, amount=50.0)
        batch = self._collect_due()
        self.env["gym.dunning.hold"].create(
            {"move_line_id": self._items(disputed).id, "reason": "dispute"}
        )
        batch.action_export()
        self.assertEqual(batch.order_ids.line_ids.move_id, kept)
        self.assertEqual(batch.amount, 100.0)
        item = self._item(disputed)
        self.assertEqual((item.hold_reason, item.debit_state), ("dispute", "waiting"))

    def test_member_has_died_meanwhile(self):
        """Debits 2: a client status that stops everything stops the debit, too."""
        members = self._members_who_owe(2)
        batch = self._collect_due()
        members[0].client_status_id = self.env.ref("gym_dunning.client_status_paused")
        batch.action_export()
        exported = batch.order_ids.filtered(lambda o: o.state == "exported")
        self.assertEqual(exported.partner_id, members[1])

    # === REFUSED === #

    def test_every_code_has_a_sentence(self):
        """Debits 3: whatever a writer refuses is told in a sentence."""
        self.assertEqual(set(OF_DEBIT) | set(OF_BATCH), set(REASONS) | OWN)
        self.assertFalse(set(OF_DEBIT) & set(OF_BATCH))

    def _refused(self, change):
        """Change something about the first of two debits; return the batch."""
        self._members_who_owe(2)
        batch = self._collect_due()
        change(batch.order_ids.sorted("id")[0])
        batch.invalidate_recordset()
        return batch

    def _assert_refused(self, change, sentence):
        batch = self._refused(change)
        self.assertEqual(batch.refused_count, 1)
        bad = batch.order_ids.sorted("id")[0]
        self.assertEqual(batch.refused_ids, bad)
        self.assertIn(sentence, bad.refusal)
        self.assertIn(bad.partner_id.name, bad.refusal)
        told = batch.action_export()["params"]
        self.assertRegex(told["message"], sentence)
        self.assertIn("press Leave Out", told["message"])
        self.assertEqual(batch.state, "draft")
        self.assertFalse(batch.attachment_id)
        return batch, bad

    def test_mandate_cancelled(self):
        """Debits 3: a mandate that is not active any more is refused by name."""
        self._assert_refused(
            lambda order: order.mandate_id.action_cancel(), "is not active"
        )

    def test_mandate_lapsed(self):
        """Debits 3: a mandate unused for 36 months is refused."""
        self._assert_refused(
            lambda order: order.mandate_id.write({"signature_date": date(2022, 1, 1)}),
            "not been used for 36 months",
        )

    def test_nothing_is_left(self):
        """Kind 4: a batch of which all was paid meanwhile is cancelled, in words, and
        its items are free."""
        for press in ("action_export", "action_leave_out"):
            with self.subTest(press):
                member = self._members_who_owe(1)
                batch = self._collect_due()
                invoice = batch.order_ids.line_ids.move_id
                invoice._reverse_moves([{"date": TODAY}], cancel=True)
                action = getattr(batch, press)()
                self.assertIn("Nothing is left", action["params"]["message"])
                self.assertEqual(batch.state, "cancelled")
                self.assertFalse(batch.attachment_id)
                self.assertFalse(
                    self.env["gym.dunning.hold"].search(
                        [("move_line_id.partner_id", "=", member.id)]
                    )
                )

    def test_mandate_without_account(self):
        """Debits 3: a mandate without account is refused once, not twice."""
        __, bad = self._assert_refused(
            lambda order: order.mandate_id.partner_bank_id.write({"active": False}),
            "has no account",
        )
        self.assertEqual(len(bad.refusal.splitlines()), 1)

    def test_wrong_account(self):
        """Debits 3: an account number with wrong check digits is refused."""
        self._assert_refused(
            lambda order: self._change_account(order, IBAN.replace("89", "88", 1)),
            "is wrong",
        )

    def test_leave_out(self):
        """Debits 3: Leave Out exports the rest; what was refused stays a draft
        without batch, and says why."""
        batch, bad = self._assert_refused(
            lambda order: order.mandate_id.action_cancel(), "is not active"
        )
        batch.with_env(self._clerk_env()).action_leave_out()
        self.assertEqual((batch.state, batch.order_count), ("exported", 1))
        self.assertRecordValues(bad, [{"state": "draft", "batch_id": False}])
        self.assertIn("is not active", bad.message_ids[0].body)

    def test_leave_out_everything(self):
        """Debits 3: an empty file is no file."""
        self._members_who_owe(1)
        batch = self._collect_due()
        batch.order_ids.mandate_id.action_cancel()
        with self.assertRaisesRegex(UserError, "nothing would be left"):
            batch.action_leave_out()
        self.assertEqual(batch.order_count, 1)

    def test_creditor_identifier_missing(self):
        """Debits 3: without creditor identifier nothing leaves, and nothing can be
        left out for it."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self.company.debit_creditor_identifier = False
        self.assertIn("has no creditor identifier", batch.refusal)
        self.assertFalse(batch.refused_count)
        for operation in (batch.action_export, batch.action_leave_out):
            with self.assertRaisesRegex(UserError, "has no creditor identifier"):
                operation()

    def test_creditor_account_missing(self):
        """Debits 3: without the creditor's account nothing leaves; told once."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self.bank.bank_account_id = False
        self.assertEqual(len(batch.refusal.splitlines()), 1)
        self.assertIn("has no account to collect to", batch.refusal)

    def test_wrong_currency(self):
        """Debits 3: SEPA collects euros only."""
        self._members_who_owe(1)
        batch = self._collect_due()
        dollar = self.env.ref("base.USD")
        batch.order_ids.sudo().currency_id = dollar
        batch.invalidate_recordset()
        self.assertIn("collects EUR only", batch.order_ids.refusal)

    # === DAY === #

    def test_day_has_passed(self):
        """Debits 3: a passed day is refused; moved to another, the batch leaves."""
        self._members_who_owe(1)
        batch = self._collect_due().with_context(dunning_date=DAY + timedelta(days=1))
        self.assertTrue(batch.date_passed)
        self.assertIn("is past", batch.refusal)
        with self.assertRaisesRegex(UserError, "Move it to another day"):
            batch.action_export()
        batch.order_ids._move(DAY + timedelta(days=5))
        batch.invalidate_recordset()
        batch.action_export()
        self.assertEqual(batch.state, "exported")

    def test_day_is_near(self):
        """Debits 3: a day that banks may find too near is a warning only."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self.assertFalse(batch.warning)
        batch = batch.with_context(dunning_date=DAY)
        self.assertIn("working day in advance", batch.warning)
        batch.action_export()
        self.assertEqual(batch.state, "exported")

    # === ONCE === #

    def test_export_twice(self):
        """Debits 3: pressed twice, one file is made and logged."""
        batch = self._exported(1)
        made = batch.attachment_id
        batch.action_export()
        self.assertEqual(batch.attachment_id, made)
        self.assertEqual(batch.export_ids.mapped("kind"), ["file"])

    def test_log(self):
        """Debits 3: who made and fetched which content is logged; the file is the
        same whenever it is fetched."""
        batch = self._exported(2).with_env(self._clerk_env())
        action = batch.action_download()
        self.assertIn(str(batch.attachment_id.id), action["url"])
        digest = sha256(batch.attachment_id.raw).hexdigest()
        self.assertRecordValues(
            batch.export_ids.sorted("id"),
            [
                {"kind": kind, "sha256": digest, "order_count": 2, "amount": 200.0}
                for kind in ("file", "download")
            ],
        )
        self.assertEqual(batch.export_ids.sorted("id")[-1].user_id, batch.env.user)

    def test_undo(self):
        """Debits 3: taken back, the orders are drafts again and the batch is
        exported anew; the trail stays."""
        batch = self._exported(1)
        batch.with_env(self._clerk_env()).action_undo_export()
        self.assertEqual((batch.state, batch.order_ids.state), ("draft", "draft"))
        self.assertFalse(batch.attachment_id)
        self.assertIn("undone", batch.message_ids[0].body)
        batch.action_export()
        kinds = batch.export_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["file", "undone", "file"])

    def test_no_undo_after_an_answer(self):
        """Debits 3: what the bank answered it has got."""
        batch = self._exported(2)
        self._return(batch.order_ids[0])
        with self.assertRaisesRegex(UserError, "answered"):
            batch.action_undo_export()

    def test_no_download_of_a_draft(self):
        """Debits 3: a draft has no file, and says so."""
        self._members_who_owe(1)
        with self.assertRaisesRegex(UserError, "is in state 'Draft'"):
            self._collect_due().action_download()

    # === MANY === #

    def test_query_count(self):
        """Debits 3: the export costs the same queries for two debits and for
        twelve."""
        few = self._batch_of(2, "2026-04-01")
        many = self._batch_of(12, "2026-04-02")
        self._count_queries(self._batch_of(1, "2026-04-08").action_export)  # warm
        self.assertLessEqual(
            self._count_queries(many.action_export),
            self._count_queries(few.action_export) + 8,
        )

    def _batch_of(self, count, day):
        for number in range(count):
            self._create_invoice(self._create_debtor(f"{day} {number}"))
        self._collect_wizard(execution_date=day).action_confirm()
        return self.env["gym.debit.batch"].search(
            [("execution_date", "=", day), ("company_id", "=", self.company.id)]
        )


class TestFileLeaves(BatchCommon, HttpCase):
    """Kind 8: who took the file for the bank, and that it stays what it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "bank_clerk",
            "gym_dunning.group_dunning_user",
            company_id=cls.company.id,
            password="bank.clerk",
        )

    def _downloads(self, batch):
        return batch.export_ids.filtered(lambda entry: entry.kind == "download")

    def test_downloads_past_the_button(self):
        """L6, kind 8: the file is fetched from the documents or by the API, and that is
        noted; also when its export was undone."""
        batch = self._exported(1)
        file = batch.attachment_id
        batch.with_user(self.clerk).action_download()
        self.authenticate("bank_clerk", "bank.clerk")
        for count in (1, 2):
            response = self.url_open(f"/web/content/{file.id}?download=true")
            self.assertEqual(response.content, file.raw)
            self.assertEqual(len(self._downloads(batch)), count)
            for entry in batch.export_ids:
                entry.sudo().date -= timedelta(hours=1)
        batch.action_undo_export()
        file.with_user(self.clerk).read(["raw"])
        taken = self._downloads(batch)
        self.assertEqual((len(taken), taken.user_id), (3, self.clerk))
        self.assertEqual(set(taken.mapped("amount")), {batch.amount})

    def test_what_left_is_not_changed(self):
        """F5: the file stays what the log says of it."""
        file = self._exported(1).attachment_id.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "has been handed out"):
            file.raw = b"another file"
