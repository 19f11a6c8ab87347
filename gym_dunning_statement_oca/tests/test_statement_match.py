from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_statement import IBANS, TODAY, StatementCommon, camt054


@tagged("post_install", "-at_install")
class TestStatementMatch(StatementCommon):
    """Issue 16.7: our references match the lines of the OCA's statements."""

    # === CERTAIN === #

    def test_reference_of_a_reminder(self):
        """The structured reference on a letter pays its items, at once."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        reference = reminder.payment_reference.replace(" ", "")
        amount = first.amount_residual + second.amount_residual
        (line,) = self._statement(self._entry(amount, reference=reference, name="Dad"))
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.partner_id, self.anna)
        self._assert_paid(first, second)

    def test_number_of_an_invoice(self):
        """A number that was typed with blanks, in a line entered by hand."""
        invoice = self._create_invoice(self.anna)
        line = self._line(100, f"Rg {invoice.name.replace('/', ' ')} danke")
        self.assertTrue(line.is_reconciled)
        self._assert_paid(invoice)

    def test_member_number(self):
        """What is open of the member, the oldest first; the rest is his credit, whoever
        has a name like the payer's."""
        self.anna.member_number = "M-4711"
        self._create_member("Dad Wolf")
        invoice = self._create_invoice(self.anna)
        line = self._line(130, "m 4711", partner_name="Dad Wolf")
        self.assertTrue(line.is_reconciled)
        self._assert_paid(invoice)
        self.assertEqual(self._owes(self.anna), -30)

    def test_part_payment(self):
        """Less than what is owed pays in our order of clearing, not the oldest first."""
        old = self._create_invoice(self.anna, amount=80)
        named = self._create_invoice(self.anna, amount=100)
        reminder = self._reminder(self._generate(), self.anna)
        self._look_first()
        entry = self._entry(120, text=f"{reminder.name} {named.name}")
        (line,) = self._statement(entry)
        self.assertFalse(line.is_reconciled)
        shares = (
            self.env["gym.receipt.matching"]
            ._match_vals([line._gym_clue()], self.bank)[0]
            .shares
        )
        self.assertEqual(
            [amount for __, amount in self._shares(line)],
            [amount for __, amount in shares],
        )
        line.reconcile_bank_line()
        self.assertEqual(old.amount_residual + named.amount_residual, 60)

    def test_two_lines_for_one_letter(self):
        """Each line pays what the other leaves, in one statement and in two."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        one, two = self._statement(
            self._entry(120, text=reminder.name), self._entry(50, text=reminder.name)
        )
        self.assertTrue(one.is_reconciled and two.is_reconciled)
        self.assertEqual(first.amount_residual + second.amount_residual, 30)
        (three,) = self._statement(self._entry(30, text=reminder.name), message_id="S2")
        self.assertTrue(three.is_reconciled)
        self._assert_paid(first, second)

    def test_each_payment_of_a_booking(self):
        """The payments of one booking keep their own references."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        one, two = self._statement(
            self._entry(100, reference=first.name, text="x", end_to_end_id="E-1"),
            self._entry(100, name="Nobody"),
            is_batch=True,
        )
        self._assert_paid(first)
        self.assertNotIn(first.name, two.narration or "")
        self.assertFalse(two.is_reconciled)
        self.assertEqual(second.amount_residual, 100)
        self.assertEqual(one._gym_clue()["end_to_end_id"], "E-1")

    def test_text_beside_the_banks(self):
        """Some banks write words of their own over the payer's: both are read."""
        invoice = self._create_invoice(self.anna)
        narration = f"Unstructured Reference (RmtInf/Ustrd): {invoice.name}\nX (Y): Z"
        line = self._line(100, "Credit of the day", narration=narration)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line._gym_clue()["text"], f"{invoice.name} Credit of the day")

    # === AFTER A LOOK === #

    def test_after_a_look(self):
        """The gym looks first: it is proposed with its reason, and made anew when the
        item was paid otherwise meanwhile."""
        self._look_first()
        invoice = self._create_invoice(self.anna)
        other = self._create_invoice(self.anna, amount=70)
        line = self._line(100, invoice.name)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
        self.assertIn(invoice.name, line.gym_found_by)
        self.assertTrue(line.can_reconcile)
        second = self._line(100, invoice.name, date=TODAY.replace(day=1))
        line.reconcile_bank_line()
        self._assert_paid(invoice)
        self.assertEqual(self._shares(second), [(other.display_name, 70)])
        with self.subTest("the rest is Anna's"):
            second.reconcile_bank_line()
            self.assertEqual(self._owes(self.anna), -30)

    def test_reset(self):
        """What a person took out comes back with Reset."""
        self._look_first()
        invoice = self._create_invoice(self.anna)
        line = self._line(100, invoice.name)
        item = self._item(invoice).move_line_id
        line._add_account_move_line(item)
        self.assertFalse(self._shares(line))
        line.clean_reconcile()
        self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
        self.assertTrue(line.can_reconcile)

    def test_proposals(self):
        """A name with the exact amount is proposed, never reconciled by itself."""
        invoice = self._create_invoice(self.anna)
        line = self._line(100, "gym", partner_name="Wolf, Anna")
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
        self.assertIn("Name", line.gym_found_by)

    def test_nothing_open(self):
        """What was named is paid, and nothing else is open: proposed as a credit."""
        invoice = self._create_invoice(self.anna)
        self._line(100, invoice.name)
        line = self._line(60, invoice.name)
        self.assertFalse(line.is_reconciled)
        self.assertIn("stay as a credit", line.gym_hint)
        self.assertTrue(line.can_reconcile)
        line.reconcile_bank_line()
        self.assertEqual(self._owes(self.anna), -60)

    def test_a_doubt_is_said(self):
        """Several members and not their sum: nothing is reconciled, not by the OCA's
        rules either, and a sentence says why."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        line = self._line(150, f"{first.name} {second.name}")
        self.assertFalse(line.is_reconciled)
        self.assertIn("several members", line.gym_hint)

    # === THEIRS === #

    def test_their_rules_go_on(self):
        """What names nothing of ours is for the OCA's rules."""
        account = self.env["account.account"].create(
            {"name": "Bar", "code": "409123", "account_type": "income"}
        )
        self.env["account.reconcile.model"].create(
            {
                "name": "Bar",
                "trigger": "auto_reconcile",
                "match_label": "contains",
                "match_label_param": "VENDING",
                "line_ids": [Command.create({"account_id": account.id})],
            }
        )
        invoice = self._create_invoice(self.anna)
        bar, ours = self.lines.create(
            [
                {
                    "journal_id": self.bank.id,
                    "date": TODAY,
                    "amount": 100,
                    "payment_ref": text,
                }
                for text in ("VENDING 12", f"VENDING {invoice.name}")
            ]
        )
        self.assertIn(account, bar.line_ids.account_id)
        self.assertNotIn(account, ours.line_ids.account_id)
        self._assert_paid(invoice)

    def test_suspense_accounts_kept(self):
        """A journal that keeps suspense accounts pays by an entry of its own."""
        self.bank.reconcile_mode = "keep"
        self.bank.suspense_account_id.reconcile = True
        invoice = self._create_invoice(self.anna)
        (line,) = self._statement(self._entry(130, text=invoice.name))
        self.assertTrue(line.is_reconciled)
        self._assert_paid(invoice)
        self.assertEqual(self._owes(self.anna), -30)
        line.unreconcile_bank_line()
        self.assertEqual(invoice.amount_residual, 100)

    def test_suspense_accounts_kept_and_access(self):
        """Undone there, too, who was unblocked is blocked again."""
        self.bank.reconcile_mode = "keep"
        self.bank.suspense_account_id.reconcile = True
        line, invoice = self._unblocked_by_line(self.anna)
        line.unreconcile_bank_line()
        self.assertEqual(invoice.amount_residual, 100)
        self.assertFalse(self.anna.access_granted)

    # === REAL SET-UPS === #

    def _branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        companies = (self.company | branch).ids
        self.env = self.env(
            context=dict(self.env.context, allowed_company_ids=companies)
        )
        return branch

    def test_branch(self):
        """The bank is the holding's, the items are a branch's, and its member the
        branch's own."""
        branch = self._branch()
        member = self._create_member("Bea Branch", company_id=branch.id)
        account = self.anna.property_account_receivable_id
        member.with_company(branch).property_account_receivable_id = account
        invoice = self._create_invoice(member, company=branch)
        self.assertEqual(invoice.company_id, branch)
        (line,) = self._statement(self._entry(100, text=invoice.name))
        self.assertTrue(line.is_reconciled, line.move_id.message_ids.mapped("body"))
        self.assertEqual(invoice.amount_residual, 0)
        self.assertFalse(line.partner_id)

    def test_other_currency(self):
        """What was paid in another currency than the bank's is left to a person; a bank
        in another currency than the books pays the items in it."""
        other = self.env.ref("base.GBP")
        other.active = True
        other.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": other.id, "rate": 0.5, "name": "2020-01-01"}
        )
        invoice = self._create_invoice(self.anna)
        line = self._line(100, "gym", foreign_currency_id=other.id, amount_currency=50)
        self.assertFalse(line._gym_look())
        foreign = self._create_invoice(self.anna, currency_id=other.id)
        self.assertEqual(foreign.currency_id, other)
        bank = self.bank.copy({"currency_id": other.id, "code": "GBP"})
        paid = self._line(100, foreign.name, journal_id=bank.id)
        self.assertTrue(paid.is_reconciled, paid.move_id.message_ids.mapped("body"))
        self._assert_paid(foreign)
        unpaid = self._line(100, invoice.name, journal_id=bank.id)
        self.assertFalse(unpaid.is_reconciled and not invoice.amount_residual)

    def test_accountant_without_our_rights(self):
        """Who keeps the statements needs no right of a reminder clerk."""
        accountant = new_test_user(
            self.env,
            "statements",
            "account.group_account_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        invoice = self._create_invoice(self.anna)
        named = self._create_invoice(self.ben)
        mine = self.lines.with_user(accountant)
        values = {"journal_id": self.bank.id, "date": TODAY, "amount": 100}
        line = mine.create(values | {"payment_ref": invoice.name})
        self.assertTrue(line.is_reconciled)
        line.unreconcile_bank_line()
        self.env.invalidate_all()
        line.read(["reconcile_data_info", "gym_hint", "gym_found_by"])
        line.reconcile_bank_line()
        self._assert_paid(invoice)
        self._import(self._entry(100, text=named.name, name="Ben Kent"))
        booked = mine.create(values | {"payment_ref": "x", "partner_name": "Ben Kent"})
        self.assertTrue(booked.is_reconciled)

    def test_one_that_fails(self):
        """A line that cannot be reconciled says why in its chatter, and stops no other:
        here the branch has accounts of its own, which the holding's bank cannot use."""
        branch = self._branch()
        own = self.env["account.account"].create(
            {
                "name": "Members of the branch",
                "code": "121999",
                "account_type": "asset_receivable",
                "company_ids": branch.ids,
            }
        )
        member = self._create_member("Bea Branch")
        member.with_company(branch).property_account_receivable_id = own
        theirs = self._create_invoice(member, company=branch)
        self.assertIn(own, theirs.line_ids.account_id)
        invoice = self._create_invoice(self.anna)
        bad, good = self._statement(
            self._entry(100, text=theirs.name), self._entry(100, text=invoice.name)
        )
        self.assertTrue(good.is_reconciled)
        self.assertFalse(bad.is_reconciled)
        self.assertIn(own.name, "".join(bad.move_id.message_ids.mapped("body")))

    # === SPEED === #

    def test_queries_of_looking(self):
        """Looking costs no more queries for twelve lines than for four."""
        self._look_first()
        counts = []
        for size in (4, 12):
            lines = self._many(size)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(lines._gym_look()), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_queries_of_a_line(self):
        """A line more costs no more queries than it costs the OCA's modules alone, which
        know the member by his account."""
        self._look_first()
        self.env["res.partner.bank"].create(
            {"partner_id": self.anna.id, "acc_number": IBANS[0]}
        )
        costs = {}
        for alone in (True, False):
            self._many(2, gym_looked=alone)
            few, many = (
                self._cost(
                    lambda size=size, alone=alone: self._many(size, gym_looked=alone)
                )
                for size in (4, 12)
            )
            costs[alone] = many - few
        self.assertLessEqual(costs[False], costs[True])

    def _cost(self, work):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _many(self, size, **context):
        """Enter lines that name an invoice each."""
        if not self.invoices:
            self.invoices += [self._create_invoice(self.anna) for __ in range(12)]
        values = {"journal_id": self.bank.id, "date": TODAY, "account_number": IBANS[0]}
        lines = self.lines.with_context(**context).create(
            [
                values | {"amount": 50 + number, "payment_ref": invoice.name}
                for number, invoice in enumerate(self.invoices[:size])
            ]
        )
        return lines.with_env(self.env)

    def setUp(self):
        super().setUp()
        self.invoices = []

    def test_advice(self):
        """An advice may be imported there, too."""
        invoice = self._create_invoice(self.anna)
        (line,) = self._statement(self._entry(100, text=invoice.name), build=camt054)
        self.assertTrue(line.is_reconciled)
