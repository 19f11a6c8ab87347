"""Whom a debt is about: debtor, person invoiced and person who trains are three."""

from datetime import timedelta

from odoo.fields import Command

from ..base.common import TODAY
from ..dunning.common_run import RunCommon, day_after
from ..renewal.common_contract import ContractCommon


class AboutCommon(RunCommon, ContractCommon):
    """A firm with two members among its contacts, and a family whose mother pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._create_contact("ACME AG", is_company=True)
        cls.olga = cls._create_member("Other Olga", parent_id=cls.firm.id)
        cls.paul = cls._create_member("Private Paul", parent_id=cls.firm.id)
        cls.mum = cls._create_contact("Mum")

    @classmethod
    def _create_contact(cls, name, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "street": "Office 1",
                "zip": "1",
                "city": "Town",
                "birthdate_date": False if vals.get("is_company") else "1980-01-01",
                "lang": "en_US",
            }
            | vals
        )

    @classmethod
    def _create_child(cls, name, **vals):
        return cls._create_member(name, birthdate_date="2012-01-01", **vals)

    def _letters(self, run, person):
        return run.reminder_ids.filtered(lambda letter: letter.member_id == person)

    def _paid_by(self, payer, member, **vals):
        """Return an invoice of the payer for a term of the member's contract."""
        contract = self._create_contract(member, payer_id=payer.id)
        invoice = self._create_invoice(payer, **vals)
        self.env["gym.contract.period"].sudo().create(
            {
                "subscription_id": contract.subscription_ids.id,
                "date_start": invoice.invoice_date,
                "date_end": invoice.invoice_date + timedelta(days=30),
                "move_id": invoice.id,
            }
        )
        return invoice

    def _entry(self, partner, amount, day=TODAY, **vals):
        """Post an opening entry; Odoo's No Follow-Up is unticked."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Opening",
                            "partner_id": partner.id,
                            "account_id": self.company_data[
                                "default_account_receivable"
                            ].id,
                            "balance": amount,
                            "no_followup": False,
                        }
                        | vals
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def _give_to(self, invoice, partner):
        """The accountant has somebody else owe an invoice."""
        line = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id = %s",
            (partner.id, line.id),
        )
        self.env.invalidate_all()


class TestContactOfCompany(AboutCommon):
    """Employees who train: Odoo posts what they owe on the firm."""

    def test_each_contact_gets_a_letter_of_his_own(self):
        """H6, case 04: nobody's private debt is shown to his employer or colleague."""
        invoices = {one: self._create_invoice(one) for one in (self.olga, self.paul)}
        firm = self._create_invoice(self.firm, amount=70.0)
        run = self._generate()
        self.assertEqual(len(run.reminder_ids), 3)
        for person, invoice in (*invoices.items(), (self.firm, firm)):
            letter = self._letters(run, person)
            self.assertEqual(letter.partner_id, self.firm)
            self.assertEqual(letter.addressee_id, person)
            self.assertEqual(letter.line_ids.move_id, invoice)
            self.assertEqual(letter.line_ids.member_id, person)
            self.assertEqual(self._item(invoice).level_id, self.one)

    def test_levels_of_contacts_go_on_apart(self):
        """H6: the second reminder of one contact does not wait for the other's."""
        self._create_invoice(self.olga)
        self._run_levels(1)
        self._create_invoice(self.paul)
        run = self._generate(day_after(11))
        self.assertEqual(self._letters(run, self.olga).level_id, self.two)
        self.assertEqual(self._letters(run, self.paul).level_id, self.one)

    def test_status_of_contact_and_of_firm_stop(self):
        """H6: statuses that stop reminders are asked of member and debtor."""
        self._create_invoice(self.olga)
        self._create_invoice(self.paul)
        self.paul.client_status_id = self.paused
        run = self._estimate()
        self.assertEqual(run.reminder_ids.member_id, self.olga)
        self.assertEqual(run.exclusion_ids.mapped("reason"), ["client_paused"])
        self.assertEqual(run.exclusion_ids.member_id, self.paul)
        run.unlink()
        self.firm.client_status_id = self.in_collection
        self._create_late_member("Somebody Else")
        run = self._estimate()
        self.assertEqual(self._reason(run, self.firm), "at_agency,client_paused")

    def test_expired_status_stops_nobody(self):
        """H6: a status counts until its last day, of member and debtor."""
        self._create_invoice(self.olga)
        for partner in (self.olga, self.firm):
            partner.write(
                {
                    "client_status_id": self.paused.id,
                    "client_status_until": TODAY - timedelta(days=1),
                }
            )
        self.assertEqual(self._estimate().reminder_ids.member_id, self.olga)

    def test_credit_of_firm_is_named_and_not_taken_off(self):
        """12.0: what the firm has to its credit is a warning on the contact's letter."""
        self._create_invoice(self.olga)
        self._create_credit(self.firm, 40.0)
        self._create_credit(self.olga, 30.0)
        letter = self._estimate().reminder_ids
        self.assertEqual((letter.amount_credit, letter.amount_total), (30.0, 70.0))
        self.assertIn("ACME AG: 40.00 USD", letter.warning)

    def test_payment_booked_on_the_contact_counts(self):
        """Kind 1: a receipt entered on the contact lowers the contact's letter."""
        self._create_invoice(self.olga)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.olga.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "amount": 60.0,
                "date": TODAY,
            }
        )
        payment.action_post()
        run = self._generate()
        letter = self._letters(run, self.olga)
        self.assertEqual((letter.partner_id, letter.amount_total), (self.firm, 40.0))

    def test_opening_entry_on_the_contact(self):
        """Kind 1: what was taken over on a contact is written to him, with the rest."""
        self._create_invoice(self.olga)
        self._entry(self.olga, 25.0, day_after(-60))
        letter = self._estimate().reminder_ids
        self.assertEqual((letter.partner_id, letter.member_id), (self.firm, self.olga))
        self.assertEqual(letter.amount_total, 125.0)

    def test_contact_without_status_is_the_firm(self):
        """12.0: an invoice sent to the firm's bookkeeper is the firm's debt."""
        clerk = self._create_contact("Bookkeeper", parent_id=self.firm.id)
        invoice = self._create_invoice(clerk)
        letter = self._estimate().reminder_ids
        self.assertEqual((letter.member_id, letter.partner_id), (self.firm, self.firm))
        self.assertEqual(self._item(invoice).member_id, self.firm)

    def test_invoice_address_of_a_contact_is_the_contact(self):
        """12.0: an invoice that went to a member's invoice address is about him."""
        address = self._create_contact("", parent_id=self.olga.id, type="invoice")
        self._create_invoice(address)
        letter = self._estimate().reminder_ids
        self.assertEqual((letter.member_id, letter.addressee_id), (self.olga, address))

    def test_contact_follows_a_policy_of_his_own(self):
        """Kind 1: the member's policy comes before the firm's."""
        invoice = self._create_invoice(self.olga)
        self.olga.dunning_policy_id = self._create_policy(name="Gentle")
        self._create_invoice(self.paul)
        run = self._estimate()
        self.assertEqual(self._reason(run, self.firm), "no_policy")
        self.assertEqual(self._item(invoice).policy_id, self.olga.dunning_policy_id)

    def test_collecting_asks_both(self):
        """H6: direct debits ask the same statuses as reminders."""
        item = self._item(self._create_invoice(self.olga))
        self.assertFalse(item.stopped_by)
        self.firm.client_status_id = self.in_collection
        item.invalidate_recordset()
        self.assertEqual(item.stopped_by, "at_agency")
        self.assertEqual(item._why_not_collected(), "client_status")

    def test_two_invoice_addresses(self):
        """Case 04: the letter goes to the one that got the invoice."""
        first, second = (
            self._create_contact(f"Bills {n}", parent_id=self.mum.id, type="invoice")
            for n in (1, 2)
        )
        self._create_invoice(second)
        self.assertEqual(self._estimate().reminder_ids.addressee_id, second)
        self._create_invoice(self.mum, days=20)
        second.active = False
        self.assertEqual(self._estimate().reminder_ids.addressee_id, first)


class TestFamily(AboutCommon):
    """Children, parents above them, and payers."""

    def test_parent_above_a_minor_is_a_guardian(self):
        """12.0: an invoice made out to a child under a parent goes to the parent."""
        child = self._create_child("Minor Mia", parent_id=self.mum.id)
        self._create_invoice(child)
        letter = self._estimate().reminder_ids
        self.assertEqual(
            (letter.partner_id, letter.member_id, letter.addressee_id),
            (self.mum, child, self.mum),
        )

    def test_a_firm_above_a_minor_is_no_guardian(self):
        """12.0: only a person is; a minor without one is left out."""
        self._create_invoice(self._create_child("Trainee Tom", parent_id=self.firm.id))
        self._create_invoice(self.olga)
        self.assertEqual(self._reason(self._estimate(), self.firm), "minor")

    def test_entered_guardian_comes_before_the_parent(self):
        """12.0: who was entered as guardian gets the letter."""
        aunt = self._create_contact("Aunt")
        self._create_invoice(
            self._create_child(
                "Mia", parent_id=self.mum.id, guardian_ids=[Command.link(aunt.id)]
            )
        )
        self.assertEqual(self._estimate().reminder_ids.addressee_id, aunt)

    def test_payer_of_age_owes_and_nobody_is_a_minor(self):
        """12.0: a minor whose payer is of age owes nothing himself."""
        child = self._create_child("Minor Max")
        self._paid_by(self.mum, child)
        letter = self._estimate().reminder_ids
        self.assertEqual(
            (letter.partner_id, letter.member_id, letter.addressee_id),
            (self.mum, self.mum, self.mum),
        )
        self.assertEqual(letter.line_ids.member_id, child)

    def test_one_letter_for_all_children(self):
        """12.0: the payer gets one letter; each line knows its member."""
        children = [self._create_child(f"Child {number}") for number in range(2)]
        invoices = {one: self._paid_by(self.mum, one) for one in children}
        letter = self._generate().reminder_ids
        self.assertEqual(letter.amount_total, 200.0)
        for child, invoice in invoices.items():
            line = letter.line_ids.filtered(lambda one, inv=invoice: one.move_id == inv)
            self.assertEqual(line.member_id, child)
            self.assertEqual(self._item(invoice).member_id, child)

    def test_status_of_one_child_leaves_out_its_items_only(self):
        """12.0: a paused child does not silence the other's debts."""
        children = [self._create_child(f"Child {number}") for number in range(2)]
        paused, other = (self._paid_by(self.mum, one) for one in children)
        children[0].client_status_id = self.paused
        run = self._estimate()
        self.assertEqual(run.reminder_ids.line_ids.move_id, other)
        self.assertEqual(self._reasons(run, paused), ["client_paused"])
        self.assertEqual(run.exclusion_ids.member_id, children[0])
        children[1].client_status_id = self.in_collection
        run.action_generate()
        self._work()
        self.assertEqual(self._reasons(run, other), ["at_agency"])
        self.assertFalse(run.reminder_ids)

    def test_status_of_the_payer_stops_all(self):
        """12.0: a payer who is no member is asked for his own client status."""
        self._paid_by(self.mum, self._create_child("Child"))
        self.mum.client_status_id = self.paused
        self._create_late_member("Somebody Else")
        self.assertEqual(self._reason(self._estimate(), self.mum), "client_paused")

    def test_member_of_a_contract_comes_before_the_contact_invoiced(self):
        """12.0: the member of the contract is whom the debt is about."""
        child = self._create_child("Child", parent_id=self.mum.id)
        invoice = self._paid_by(self.olga, child)
        item = self._item(invoice)
        self.assertEqual((item.member_id, item.partner_id), (child, self.firm))
        letter = self._estimate().reminder_ids
        self.assertEqual(letter.member_id, self.olga)

    def test_debt_from_the_time_of_minority(self):
        """Kind 14: a proposal says that a debt arose before the member came of age."""
        grown = self._create_late_member("Grown Greta", birthdate_date="2008-02-15")
        older = self._create_late_member("Older Otto", birthdate_date="2007-12-31")
        run = self._estimate()
        text = "debt from when they were a minor"
        self.assertIn(text, self._reminder(run, grown).warning)
        self.assertNotIn(text, self._reminder(run, older).warning or "")


class TestAddresses(AboutCommon):
    """Who cannot be reached is passed over for the next who may get the letter."""

    NOWHERE = {"street": False, "zip": False, "city": False, "email": False}

    def _addressee(self):
        run = self._estimate()
        addressee = run.reminder_ids.addressee_id
        run.unlink()
        return addressee

    def test_payment_contact_without_address(self):
        """Kind 14: the member himself gets it, instead of nobody."""
        contact = self._create_contact("Agent", **self.NOWHERE)
        member = self._create_late_member("Member", payment_contact_id=contact.id)
        self.assertEqual(self._addressee(), member)
        contact.email = "agent@example.com"
        self.assertEqual(self._addressee(), contact)

    def test_first_guardian_without_address(self):
        """Kind 14: the second guardian gets it."""
        guardians = self._create_contact("Father", **self.NOWHERE) | self.mum
        self._create_invoice(
            self._create_child("Mia", guardian_ids=[Command.set(guardians.ids)])
        )
        self.assertEqual(self._addressee(), self.mum)

    def test_never_to_the_minor_himself(self):
        """Kind 14: a guardian who cannot be reached is no reason to write to a child."""
        guardian = self._create_contact("Father", **self.NOWHERE)
        child = self._create_child("Mia", guardian_ids=[Command.link(guardian.id)])
        self._create_contact("", parent_id=child.id, type="invoice")
        self._create_invoice(child)
        self._create_late_member("Somebody Else")
        self.assertEqual(self._reason(self._estimate(), child), "no_address")

    def test_minor_with_payment_contact(self):
        """Kind 14: the payment contact of a minor may get what a guardian cannot."""
        guardian = self._create_contact("Father", **self.NOWHERE)
        self._create_invoice(
            self._create_child(
                "Mia",
                guardian_ids=[Command.link(guardian.id)],
                payment_contact_id=self.mum.id,
            )
        )
        self.assertEqual(self._addressee(), self.mum)

    def test_task_for_who_cannot_be_reached_once(self):
        """Kind 14: neither e-mail nor postal address makes one task, not one a run."""
        lost = self._create_late_member("Lost Lea", **self.NOWHERE)
        self._create_late_member("Somebody Else")
        run = self._generate()
        self.assertEqual(self._reason(run, lost), "no_address")
        self.assertEqual(len(lost.activity_ids), 1)
        self.assertEqual(lost.activity_ids.user_id, run.create_uid)
        self._create_late_member("Another One")
        self._generate()
        self.assertEqual(len(lost.activity_ids), 1)

    def test_task_is_the_debt_managers(self):
        """Kind 14: of who has a debt manager, it is his."""
        manager = self.env.ref("base.user_admin")
        self.env["gym.collection.team"].create(
            {"name": "Team", "member_ids": [Command.link(manager.id)]}
        )
        lost = self._create_late_member(
            "Lost Lea", debt_manager_id=manager.id, **self.NOWHERE
        )
        self._create_late_member("Somebody Else")
        self._generate()
        self.assertEqual(lost.activity_ids.user_id, manager)


class TestChangedHands(AboutCommon):
    """History belongs to the debtor it was made with."""

    def _assert_anew(self, invoice):
        item = self._item(invoice, day_after(11))
        self.assertFalse(item.level_id)
        self.assertFalse(item.reminder_date_due)
        self.assertEqual((item.sent_count, item.due_level), (0, "1"))
        self.assertFalse(invoice.dunning_level_id)
        self.assertEqual(invoice.dunning_count, 0)
        self.assertFalse(
            invoice.search(
                [("id", "=", invoice.id), ("dunning_level_id", "=", self.one.id)]
            )
        )
        self.assertTrue(
            invoice.search([("id", "=", invoice.id), ("dunning_level_id", "=", False)])
        )

    def test_new_debtor_starts_anew(self):
        """Kind 1: no level, no count, no deadline from who owed it before."""
        anna, bert = self._create_member("Anna"), self._create_member("Bert")
        invoice = self._create_invoice(anna)
        self._run_levels(1)
        self.assertEqual(invoice.dunning_level_id, self.one)
        self._give_to(invoice, bert)
        self._assert_anew(invoice)
        letter = self._estimate(day_after(1)).reminder_ids
        self.assertEqual((letter.member_id, letter.level_id), (bert, self.one))
        self.assertEqual(letter.addressee_id, bert)

    def test_given_back_finds_its_history(self):
        """Kind 1: the letters to Anna count again when Anna owes it again."""
        anna, bert = self._create_member("Anna"), self._create_member("Bert")
        invoice = self._create_invoice(anna)
        self._run_levels(1)
        self._give_to(invoice, bert)
        self._give_to(invoice, anna)
        self.assertEqual(invoice.dunning_level_id, self.one)
        self.assertEqual(self._item(invoice).sent_count, 1)

    def test_contact_of_the_firm_starts_anew(self):
        """Kind 1: what leaves the firm's member for another person starts anew."""
        invoice = self._create_invoice(self.olga)
        self._run_levels(1)
        self._give_to(invoice, self.mum)
        self._assert_anew(invoice)
        self.assertEqual(self._item(invoice).member_id, self.mum)

    def test_member_who_joins_a_parent_keeps_his_history(self):
        """Kind 1: Odoo moves the items to the parent; the letters were about him."""
        child = self._create_child("Mia", guardian_ids=[Command.link(self.mum.id)])
        invoice = self._create_invoice(child)
        self._run_levels(1)
        child.parent_id = self.mum
        item = self._item(invoice, day_after(11))
        self.assertEqual((item.partner_id, item.member_id), (self.mum, child))
        self.assertEqual((item.level_id, item.sent_count), (self.one, 1))
        letter = self._estimate(day_after(11)).reminder_ids
        self.assertEqual(letter.level_id, self.two)

    def test_changed_between_estimate_and_generation(self):
        """AMB-09: a letter is not issued to who is written to no more."""
        invoice = self._create_invoice(self.olga)
        self._create_late_member("Somebody Else")
        run = self._estimate()
        self._give_to(invoice, self.mum)
        run.action_generate()
        self._work()
        self.assertEqual(self._reason(run, self.firm), "changed")
        self.assertEqual(len(run.reminder_ids), 1)


class TestDecisions(AboutCommon):
    """What was decided by hand in an estimate stays, and leaves nothing behind."""

    def test_taking_back_renews_one_letter_only(self):
        """M10: a second letter left out by hand stays out, and ticks stay."""
        self.policy.block_mode = "propose"
        for person in (self.olga, self.paul, self.firm):
            self._create_invoice(person)
        self._run_levels(2)
        run = self._estimate(day_after(22))
        kept = self._letters(run, self.firm)
        kept.block_access = not kept.block_access
        before = kept.block_access
        (self._letters(run, self.olga) | self._letters(run, self.paul)).action_exclude()
        run.exclusion_ids.filtered(
            lambda row: row.member_id == self.paul
        ).action_take_back()
        self.assertEqual(run.reminder_ids.member_id, self.paul | self.firm)
        self.assertEqual(kept.exists().block_access, before)
        out = run.exclusion_ids.filtered(lambda row: row.reason == "by_hand")
        self.assertEqual(out.member_id, self.olga)

    def test_taking_back_what_was_paid_meanwhile(self):
        """M10: nothing is left to propose, and the row is gone."""
        invoice = self._create_invoice(self.olga)
        self._create_late_member("Somebody Else")
        run = self._estimate()
        self._letters(run, self.olga).action_exclude()
        self._pay(invoice)
        run.exclusion_ids.action_take_back()
        self.assertFalse(run.exclusion_ids)
        self.assertEqual(len(run.reminder_ids), 1)

    def test_estimating_again_leaves_no_notes_behind(self):
        """M13: messages, followers, activities and files go with their proposal."""
        self._create_late_member("Somebody")
        run = self._estimate()
        letter = run.reminder_ids
        letter.message_post(body="Ask her first.")
        self.env["ir.attachment"].create(
            {"name": "a.txt", "res_model": letter._name, "res_id": letter.id}
        )
        run.action_estimate()
        for table in ("mail_message", "mail_followers", "mail_activity"):
            field = "model" if table == "mail_message" else "res_model"
            rows = (
                self.env[table.replace("_", ".")]
                .sudo()
                .search_count([(field, "=", letter._name), ("res_id", "=", letter.id)])
            )
            self.assertEqual(rows, 0, table)
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", letter._name), ("res_id", "=", letter.id)]
            )
        )

    def test_explanations_cost_no_query_each(self):
        """L7: a list of many rows explains them as few."""
        few = [self._create_late_member(f"Few {n}") for n in range(2)]
        many = [self._create_late_member(f"Many {n}") for n in range(12)]
        self._create_late_member("Somebody Else")
        for member in few + many:
            member.client_status_id = self.paused
        rows = self._estimate().exclusion_ids
        self.assertIn("stops reminders", rows[0].explanation)
        costs = {
            size: self._count_queries(lambda some: some.mapped("explanation"), some)
            for size, some in ((2, rows[:2]), (14, rows[:14]))
        }
        self.assertLessEqual(costs[14], costs[2])
