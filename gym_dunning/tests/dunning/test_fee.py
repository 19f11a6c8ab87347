"""What a reminder costs and how it is booked (E-05, E-12 to E-14, E-51)."""

from odoo.fields import Command

from .common_run import RunCommon


class FeeCommon(RunCommon):
    """A member at the second level, where the fee is charged."""

    def _second(self, *members):
        """Bring all members to level 2; return the run."""
        runs, self.day = self._run_levels(2)
        return runs[-1]

    def _receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )


class TestFee(FeeCommon):
    """Amount and booking of the fee."""

    def test_fee_is_charged_at_level_two_only(self):
        """E-04, E-05, E-14: level 1 is free, level 2 costs, level 3 is free."""
        member = self._create_late_member("Debtor")
        runs, __ = self._run_levels(3)
        self.assertEqual(
            [self._reminder(run, member).amount_fee for run in runs], [0.0, 20.0, 0.0]
        )
        self.assertEqual([len(run.reminder_ids.fee_move_id) for run in runs], [0, 1, 0])

    def test_one_fee_per_letter(self):
        """AMB-05: several invoices at level 2 cost one fee."""
        member = self._create_late_member("Debtor", amount=100.0)
        self._create_invoice(member, amount=50.0)
        reminder = self._second().reminder_ids
        self.assertEqual((reminder.amount_fee, reminder.amount_total), (20.0, 170.0))

    def test_no_fee_on_a_fee(self):
        """AMB-05: the open fee raises neither level nor fee of what follows."""
        self.three.fee_product_id = self.fee_product
        self._create_late_member("Debtor", amount=100.0)
        runs, __ = self._run_levels(3)
        reminder = runs[-1].reminder_ids
        self.assertRecordValues(
            reminder,
            [{"amount_open": 120.0, "amount_fee": 20.0, "amount_total": 140.0}],
        )

    def test_own_amount_of_the_level(self):
        """AMB-05: the level's amount goes before the article's price."""
        self.two.fee_amount = 7.5
        self._create_late_member("Debtor")
        reminder = self._second().reminder_ids
        self.assertEqual(reminder.amount_fee, 7.5)
        self.assertEqual(reminder.fee_move_id.amount_total, 7.5)

    def test_price_of_the_article(self):
        """E-12, E-13: without an amount of its own the article's price counts."""
        self.fee_product.list_price = 12.3
        self._create_late_member("Debtor")
        self.assertEqual(self._second().reminder_ids.amount_fee, 12.3)

    # === AS INVOICE === #

    def test_fee_is_a_posted_invoice(self):
        """E-51, AMB-14: article, member, deadline and number on a real invoice."""
        member = self._create_late_member("Debtor")
        reminder = self._second().reminder_ids
        self.assertRecordValues(
            reminder.fee_move_id,
            [
                {
                    "move_type": "out_invoice",
                    "state": "posted",
                    "partner_id": member.id,
                    "invoice_date": self.day,
                    "invoice_date_due": reminder.date_due,
                    "ref": reminder.name,
                    "amount_residual": 20.0,
                }
            ],
        )
        self.assertEqual(
            reminder.fee_move_id.invoice_line_ids.product_id, self.fee_product
        )

    def test_tax_is_part_of_the_fee(self):
        """AMB-14: the letter claims what the invoice does, tax included."""
        tax = self.company_data["default_tax_sale"].copy(
            {"amount": 8.1, "name": "8.1 %"}
        )
        self.fee_product.taxes_id = tax
        self._create_late_member("Debtor", amount=100.0)
        estimate = self._estimate(self._reach(1))
        self.assertEqual(estimate.reminder_ids.amount_fee, 21.62)
        estimate.action_generate()
        self._work()
        reminder = estimate.reminder_ids
        self.assertEqual(reminder.fee_move_id.amount_total, 21.62)
        self.assertEqual(reminder.amount_fee, 21.62)
        self.assertEqual(reminder.amount_total, 121.62)

    def test_letter_follows_the_invoice(self):
        """AMB-14: the tax is the invoice's own also when it is mapped there."""
        tax = self.company_data["default_tax_sale"].copy(
            {"name": "A quarter", "amount": 25.0}
        )
        self.fee_product.taxes_id = tax
        self._create_late_member("Debtor", amount=100.0)
        reminder = self._second().reminder_ids
        self.assertEqual(reminder.amount_fee, reminder.fee_move_id.amount_total)
        self.assertEqual(
            reminder.amount_total, 100.0 + reminder.fee_move_id.amount_total
        )

    def test_tax_of_another_company_is_not_used(self):
        """E-51: of the article's taxes those of the invoice's company count."""
        other = self.setup_other_company(name="Other gym")
        self.fee_product.taxes_id = [
            Command.set(
                other["default_tax_sale"].copy({"name": "Half", "amount": 50}).ids
            )
        ]
        self._create_late_member("Debtor")
        reminder = self._second().reminder_ids
        self.assertEqual(reminder.amount_fee, 20.0)
        self.assertEqual(reminder.fee_move_id.amount_total, 20.0)

    # === AS ENTRY === #

    def test_one_entry_per_batch(self):
        """AMB-14: one journal entry, a receivable line per member."""
        self.policy.fee_booking = "entry"
        members = [self._create_late_member(f"Debtor {i}") for i in range(3)]
        run = self._second()
        move = run.reminder_ids.fee_move_id
        self.assertEqual(
            (len(move), move.move_type, move.state), (1, "entry", "posted")
        )
        lines = self._receivable(move)
        self.assertEqual(lines.partner_id.ids, [member.id for member in members])
        self.assertEqual(lines.mapped("balance"), [20.0, 20.0, 20.0])
        self.assertEqual(
            set(lines.mapped("date_maturity")), set(run.reminder_ids.mapped("date_due"))
        )
        self.assertEqual(len(move.line_ids - lines), 1)
        self.assertEqual((move.line_ids - lines).balance, -60.0)

    def test_fee_of_an_entry_is_carried(self):
        """AMB-14: an open fee booked as entry stands in the next letter."""
        self.policy.fee_booking = "entry"
        self._create_late_member("Debtor", amount=100.0)
        runs, __ = self._run_levels(3)
        self.assertEqual(runs[-1].reminder_ids.amount_total, 120.0)

    # === ON THE LETTER ONLY === #

    def test_fee_on_the_letter_only(self):
        """AMB-14: claimed in the letter, nothing in the books."""
        self.policy.fee_booking = "none"
        self._create_late_member("Debtor", amount=100.0)
        moves = self.env["account.move"].search_count([])
        reminder = self._second().reminder_ids
        self.assertEqual((reminder.amount_fee, reminder.amount_total), (20.0, 120.0))
        self.assertFalse(reminder.fee_move_id)
        self.assertEqual(self.env["account.move"].search_count([]), moves)

    # === WHICH MOVE IS A FEE === #

    def test_fee_moves_are_known_as_fees(self):
        """AMB-14: `is_dunning_fee` is computed and can be searched."""
        member = self._create_late_member("Debtor")
        invoice = self._invoices(member)
        fee = self._second().reminder_ids.fee_move_id
        self.assertTrue(fee.is_dunning_fee)
        self.assertFalse(invoice.is_dunning_fee)
        mine = [("partner_id", "=", member.id)]
        moves = self.env["account.move"]
        self.assertEqual(moves.search(mine + [("is_dunning_fee", "=", True)]), fee)
        self.assertEqual(moves.search(mine + [("is_dunning_fee", "=", False)]), invoice)
        self.assertEqual(moves.search(mine + [("is_dunning_fee", "!=", True)]), invoice)
        self.assertTrue(self._item(fee, self.day).is_dunning_fee)


class TestFeeAbroad(FeeCommon):
    """Other currencies, and the law of another country."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])

    def test_fee_in_the_currency_of_the_invoice(self):
        """E-51: the fee is converted into the letter's currency by the rate."""
        member = self._create_member("Traveller")
        self._create_invoice(member, currency_id=self.euro.id)
        reminder = self._second().reminder_ids
        self.assertEqual(reminder.amount_fee, 10.0)
        self.assertRecordValues(
            reminder.fee_move_id,
            [{"currency_id": self.euro.id, "amount_total": 10.0}],
        )

    def test_entry_in_the_currency_of_the_invoice(self):
        """AMB-14: an entry carries both currencies and is balanced."""
        self.policy.fee_booking = "entry"
        member = self._create_member("Traveller")
        self._create_invoice(member, currency_id=self.euro.id)
        line = self._receivable(self._second().reminder_ids.fee_move_id)
        self.assertEqual((line.amount_currency, line.balance), (10.0, 20.0))

    def _without_rate(self):
        """Bring a debtor in euro and one at home to level 2, the rate gone."""
        abroad = self._create_member("Abroad")
        self._create_invoice(abroad, currency_id=self.euro.id)
        home = self._create_late_member("Home")
        day = self._reach(1)
        self.euro.rate_ids.unlink()
        run = self._generate(day)
        return run, abroad, home

    def test_missing_rate_is_named(self):
        """AMB-18: without a rate that letter fails by name, the others go out."""
        run, abroad, home = self._without_rate()
        self.assertEqual(self._reminder(run, home).state, "issued")
        self.assertEqual(self._reminder(run, abroad).state, "proposed")
        self.assertIn("EUR", run.failure_ids.message)
        self.assertIn(self.company.name, run.failure_ids.message)

    def test_entered_rate_mends_it(self):
        """AMB-18: with the rate entered the failed letter goes out with its fee."""
        run, abroad, __ = self._without_rate()
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": self.euro.id, "rate": 0.5}
        )
        run.action_retry_failed()
        self._work()
        reminder = self._reminder(run, abroad)
        self.assertEqual((reminder.state, reminder.amount_fee), ("issued", 10.0))
        self.assertEqual(reminder.fee_move_id.amount_total, 10.0)

    def test_missing_rate_without_fee_does_not_matter(self):
        """A level without a fee converts nothing and needs no rate."""
        member = self._create_member("Abroad")
        self._create_invoice(member, currency_id=self.euro.id)
        self.euro.rate_ids.unlink()
        run = self._generate()
        self.assertEqual(self._reminder(run, member).state, "issued")

    def test_french_consumers_pay_no_fee(self):
        """French law (L111-8 CPCE): firms pay a lump sum, consumers nothing."""
        self.company.country_id = self.env.ref("base.fr")
        consumer = self._create_late_member("Consumer")
        firm = self._create_late_member("Firm", is_company=True)
        run = self._second()
        self.assertEqual(self._reminder(run, consumer).amount_fee, 0.0)
        self.assertFalse(self._reminder(run, consumer).fee_move_id)
        self.assertEqual(self._reminder(run, firm).amount_fee, 40.0)
        self.assertTrue(self._reminder(run, firm).fee_move_id)

    def test_branch_of_a_french_company_follows_its_law(self):
        """French law: a branch without a country has its company's."""
        self.company.country_id = self.env.ref("base.fr")
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        branch.country_id = False
        rule = self.env["gym.dunning.profile"]._of(branch)
        self.assertEqual(rule, self.env.ref("gym_dunning.profile_fr"))


class TestFeeTaxes(FeeCommon):
    """Taxes as Odoo would map them on any other invoice (case 05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.company_data["default_tax_sale"].copy(
            {"name": "19 %", "amount": 19.0}
        )
        cls.fee_product.taxes_id = cls.tax
        cls.export = cls.env["account.fiscal.position"].create({"name": "Export"})
        cls.free = cls.tax.copy(
            {
                "name": "0 % export",
                "amount": 0.0,
                "fiscal_position_ids": [Command.set(cls.export.ids)],
                "original_tax_ids": [Command.set(cls.tax.ids)],
            }
        )

    def _usual(self, partner):
        """Return an invoice of the fee's article as Odoo makes it."""
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.fee_product.id, "quantity": 1})
                ],
            }
        )

    def _check_as_usual(self, *members):
        """Check proposal, letter and invoice of each against Odoo's own invoice."""
        run = self._estimate(self._reach(1))
        for member in members:
            proposed = self._reminder(run, member).amount_fee
            self.assertEqual(proposed, self._usual(member).amount_total, member.name)
        run.action_generate()
        self._work()
        for member in members:
            reminder, usual = self._reminder(run, member), self._usual(member)
            fee = reminder.fee_move_id
            self.assertEqual(fee.fiscal_position_id, usual.fiscal_position_id)
            self.assertEqual(
                fee.invoice_line_ids.tax_ids, usual.invoice_line_ids.tax_ids
            )
            self.assertEqual(
                (fee.amount_total, reminder.amount_fee), (usual.amount_total,) * 2
            )
        return run

    def test_position_of_the_member(self):
        """Case 05: one member's tax is mapped, in the proposal already."""
        home = self._create_late_member("Home")
        abroad = self._create_late_member(
            "Abroad", property_account_position_id=self.export.id
        )
        run = self._check_as_usual(home, abroad)
        self.assertEqual(self._reminder(run, home).amount_fee, 23.8)
        self.assertEqual(self._reminder(run, abroad).amount_fee, 20.0)
        self.assertEqual(self._reminder(run, abroad).amount_total, 120.0)

    def test_position_of_the_country_and_of_the_delivery_address(self):
        """Case 05: found by country, also that of a delivery address."""
        swiss = self.env.ref("base.ch").id
        self.export.write({"auto_apply": True, "country_id": swiss})
        here = self.company.account_fiscal_country_id.id
        home = self._create_late_member("Home", country_id=here)
        abroad = self._create_late_member("Abroad", country_id=swiss)
        near = self._create_late_member("Near", country_id=here)
        near.child_ids = [
            Command.create({"name": "Flat", "type": "delivery", "country_id": swiss})
        ]
        run = self._check_as_usual(home, abroad, near)
        self.assertEqual(
            [self._reminder(run, one).amount_fee for one in (home, abroad, near)],
            [23.8, 20.0, 20.0],
        )

    def test_price_with_tax_included(self):
        """Case 05: of a price with tax the tax that is not due is taken off."""
        (self.tax | self.free).price_include_override = "tax_included"
        home = self._create_late_member("Home")
        abroad = self._create_late_member(
            "Abroad", property_account_position_id=self.export.id
        )
        run = self._check_as_usual(home, abroad)
        self.assertEqual(self._reminder(run, home).amount_fee, 20.0)
        self.assertEqual(self._reminder(run, abroad).amount_fee, 16.81)

    def test_queries_do_not_grow_with_the_members(self):
        """Case 05: positions are searched once for all who live alike."""
        self.export.write(
            {"auto_apply": True, "country_id": self.env.ref("base.ch").id}
        )
        swiss = {"country_id": self.env.ref("base.ch").id}
        members = self.env["res.partner"].union(
            *(self._create_member(f"Member {n}", **swiss) for n in range(20))
        )
        find = self.env["gym.invoicing"]._fiscal_positions
        few = self._count_queries(find, members[:2], self.company)
        many = self._count_queries(find, members, self.company)
        self.assertLessEqual(many, few)


class TestFeeFaults(FeeCommon):
    """What keeps one fee from being booked stops nobody else (case 07, A28)."""

    def setUp(self):
        super().setUp()
        self.bad = self._create_late_member("Bad")
        self.others = [self._create_late_member(f"Other {n}") for n in range(3)]

    def _check_only_bad_fails(self, run, *words):
        self.assertEqual(
            (run.state, run.issued_count, run.failed_count), ("done", 3, 1)
        )
        self.assertEqual(self._reminder(run, self.bad).state, "proposed")
        self.assertFalse(self._reminder(run, self.bad).fee_move_id)
        for word in ("Bad", *words):
            self.assertIn(word, run.failure_ids.message)

    def _check_language(self, booking):
        self.policy.fee_booking = booking
        french = self.env["res.lang"]._activate_lang("fr_FR")
        self.bad.lang = "fr_FR"
        day = self._reach(1)
        self.bad.active = False
        french.active = False
        self.env.registry.clear_cache()
        self._check_only_bad_fails(self._generate(day), "French")

    def test_language_that_was_switched_off(self):
        """Case 07: an archived member keeps a language that is not active."""
        self._check_language("invoice")

    def test_language_that_was_switched_off_entry(self):
        """Case 07: the same where fees are one entry."""
        self._check_language("entry")

    def test_receivable_account_that_was_archived(self):
        """Case 07: the sentence names member and account."""
        account = self.company_data["default_account_receivable"].copy(
            {"name": "Old receivables"}
        )
        day = self._reach(1)
        self.bad.property_account_receivable_id = account
        account.active = False
        self._check_only_bad_fails(self._generate(day), "Old receivables")

    def _make_plan_mandatory(self, domain):
        plan = self.env["account.analytic.plan"].create(
            {
                "name": "Departments",
                "applicability_ids": [
                    Command.create(
                        {"business_domain": domain, "applicability": "mandatory"}
                    )
                ],
            }
        )
        return self.env["account.analytic.account"].create(
            {"name": "Front desk", "plan_id": plan.id}
        )

    def _check_without_distribution(self, booking, domain):
        self.policy.fee_booking = booking
        self._make_plan_mandatory(domain)
        run = self._second()
        self.assertEqual((run.issued_count, run.failed_count), (0, 4))
        for failure in run.failure_ids:
            self.assertIn("Reminder fee", failure.message)
            self.assertIn("distribution", failure.message)
        self.assertFalse(run.reminder_ids.fee_move_id)

    def test_mandatory_plan_without_distribution_is_named(self):
        """A28: nothing is posted without the distribution that a plan asks for."""
        self._check_without_distribution("invoice", "invoice")

    def test_mandatory_plan_of_entries(self):
        """A28: the same where fees are one entry."""
        self._check_without_distribution("entry", "general")

    def _check_distribution(self, booking, domain):
        self.policy.fee_booking = booking
        account = self._make_plan_mandatory(domain)
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.fee_product.id,
                "analytic_distribution": {account.id: 100},
            }
        )
        run = self._second()
        self.assertEqual((run.issued_count, run.failed_count), (4, 0))
        earned = run.reminder_ids.fee_move_id.line_ids.filtered(
            lambda line: line.account_type == "income"
        )
        for line in earned:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100})
        return run, earned

    def test_distribution_model_is_used(self):
        """A28: Odoo's distribution models say where a fee belongs."""
        self._check_distribution("invoice", "invoice")

    def test_distribution_of_an_entry_is_credited_too(self):
        """A28: an entry carries the distribution, and so does what reverses it."""
        run, earned = self._check_distribution("entry", "general")
        run.action_cancel()
        reversed_lines = earned.move_id.reversal_move_ids.line_ids - self._receivable(
            earned.move_id.reversal_move_ids
        )
        self.assertEqual(
            reversed_lines.mapped("analytic_distribution"),
            earned.mapped("analytic_distribution"),
        )


class TestFeeOfMember(FeeCommon):
    """A fee is made out to whom the reminder is about."""

    def setUp(self):
        super().setUp()
        self.firm = self._create_member("Firm", is_company=True, member_status_id=False)
        self.member = self._create_member("Worker", parent_id=self.firm.id)
        self._create_invoice(self.member)

    def test_member_of_a_company(self):
        """Kind 1: the fee of a member invoiced under a company is his; the company
        owes it."""
        reminder = self._second().reminder_ids
        fee = reminder.fee_move_id
        self.assertEqual(
            (reminder.member_id, fee.partner_id, fee.commercial_partner_id),
            (self.member, self.member, self.firm),
        )
        self.assertEqual(self._receivable(fee).partner_id, self.firm)

    def test_french_firm_pays_for_its_member(self):
        """French law (L111-8 CPCE): who owes the fee is no consumer here."""
        self.company.country_id = self.env.ref("base.fr")
        reminder = self._second().reminder_ids
        self.assertEqual(reminder.amount_fee, 40.0)
        self.assertNotIn("law", reminder.warning or "")

    def test_two_members_in_one_entry(self):
        """H2: of two members of a company each has his line, and each is credited
        alone."""
        self.policy.fee_booking = "entry"
        other = self._create_member("Colleague", parent_id=self.firm.id)
        self._create_invoice(other)
        run = self._second()
        entry = run.reminder_ids.fee_move_id
        self.assertEqual(len(self._receivable(entry)), 2)
        first = run.reminder_ids.filtered(lambda one: one.member_id == self.member)
        self.env["gym.dunning.fee"]._credit(first)
        lines = self._receivable(entry)
        left = {line.name: line.amount_residual for line in lines}
        second = run.reminder_ids - first
        self.assertEqual(left, {first.name: 0.0, second.name: 20.0})
