import random
from datetime import date

from odoo.tests import tagged
from odoo.tools import convert_file

from .common_run import RunCommon, day_after


@tagged("post_install", "-at_install")
class TestInterest(RunCommon):
    """Interest by dated rates: simple, actual days of 365, rounded once an item."""

    def _parts(self, xml_id, amount, due, until, is_business=False, currency="EUR"):
        rule = self.env.ref(f"gym_dunning.profile_{xml_id}")
        unit = self.env.ref(f"base.{currency}")
        days = date.fromisoformat(due), date.fromisoformat(until)
        return rule._compute_interest(amount, *days, is_business, unit)

    def test_swiss_consumer(self):
        """E-05: 599.00 over 92 days at 5 % are 7.55."""
        parts, lump_sum = self._parts("ch", 599.0, "2025-12-31", "2026-04-02")
        self.assertEqual((parts, lump_sum), ([(92, 5.0, 7.55)], 0.0))

    def test_german_consumer(self):
        """E-05: 59.90 over 30 days at 6.27 % are 0.31."""
        parts, lump_sum = self._parts("de", 59.9, "2025-08-01", "2025-08-31")
        self.assertEqual((parts, lump_sum), ([(30, 6.27, 0.31)], 0.0))

    def test_rate_that_changes_between(self):
        """E-05: the parts are rounded so that they add up: 5.56, not 5.57."""
        parts, __ = self._parts("de", 1000.0, "2025-06-15", "2025-07-15")
        self.assertEqual(parts, [(15, 7.27, 2.99), (15, 6.27, 2.57)])

    def test_german_company(self):
        """E-05: 1000.00 over 30 days at 10.27 % are 8.44, and 40.00 per invoice."""
        self.assertEqual(
            self._parts("de", 1000.0, "2025-08-01", "2025-08-31", is_business=True),
            ([(30, 10.27, 8.44)], 40.0),
        )

    def test_day_without_rate(self):
        """E-05: a day whose rate nobody entered, at the end, in the middle or before
        the first, makes no interest."""
        rule = self.env.ref("gym_dunning.profile_de")
        rule.rate_ids.filtered(lambda one: one.date_from > date(2026, 1, 1)).unlink()
        self.assertFalse(self._parts("de", 100.0, "2026-06-01", "2026-07-01")[0])
        self.assertTrue(self._parts("de", 100.0, "2026-06-01", "2026-06-30")[0])
        self.assertFalse(self._parts("de", 100.0, "2023-12-30", "2024-02-01")[0])
        self.assertTrue(self._parts("de", 100.0, "2023-12-31", "2024-02-01")[0])
        rule.rate_ids.filtered(lambda one: one.date_from == date(2025, 1, 1)).unlink()
        self.assertFalse(self._parts("de", 100.0, "2024-12-01", "2025-09-01")[0])
        self.assertTrue(self._parts("de", 100.0, "2025-06-30", "2025-09-01")[0])

    def test_currency_without_decimals(self):
        """E-05: interest is rounded to whole yen."""
        yen = self.env.ref("base.JPY")
        parts, __ = self.env.ref("gym_dunning.profile_ch")._compute_interest(
            10000, date(2026, 1, 1), date(2026, 1, 31), False, yen
        )
        self.assertEqual(parts, [(30, 5.0, 41.0)])

    def test_nothing_late(self):
        """E-05: on the due date nothing is owed besides."""
        self.assertEqual(
            self._parts("ch", 100.0, "2026-04-02", "2026-04-02"), ([], 0.0)
        )


class CostCommon(RunCommon):
    """Runs of a centre whose country has a rule."""

    def _at(self, country, **vals):
        """Put the centre into a country, without an agreement but for `vals`."""
        self.company.write(
            {
                "country_id": self.env.ref(f"base.{country}").id,
                "dunning_fee_agreed": False,
            }
            | vals
        )
        self.rule = self.env.ref(f"gym_dunning.profile_{country}")
        self.fee_product.list_price = 10.0

    def _second(self):
        run = self._estimate(self._reach(1))
        run.action_generate()
        self._work()
        return run


class TestFeeRules(CostCommon):
    """What the country and the contract let a reminder cost."""

    def test_not_agreed(self):
        """E-05: without an agreement a Swiss member pays nothing, and it is said why;
        the reminder goes out."""
        self._at("ch")
        member = self._create_late_member("Bea")
        run = self._second()
        reminder = self._reminder(run, member)
        self.assertEqual((reminder.amount_fee, reminder.state), (0.0, "issued"))
        self.assertFalse(reminder.fee_move_id)
        self.assertIn("not agreed", reminder.warning)
        self.assertFalse(reminder._is_fee_agreed())

    def test_agreed_amount(self):
        """E-05: of an article of 10.00 only the agreed 5.00 are charged and booked."""
        self._at("ch", dunning_fee_agreed=True, dunning_fee_agreed_amount=5.0)
        member = self._create_late_member("Bea")
        reminder = self._reminder(self._second(), member)
        self.assertEqual(
            (reminder.amount_fee, reminder.fee_move_id.amount_total), (5.0, 5.0)
        )
        self.assertTrue(reminder._is_fee_agreed())

    def test_agreed_amount_with_tax(self):
        """E-05: what was agreed includes the tax; where no price yields it to the cent,
        it is the cent less."""
        self._at("ch", dunning_fee_agreed=True, dunning_fee_agreed_amount=5.0)
        self.fee_product.taxes_id = self.company_data["default_tax_sale"].copy(
            {"name": "8.1 %", "amount": 8.1}
        )
        member = self._create_late_member("Bea")
        reminder = self._reminder(self._second(), member)
        self.assertEqual(
            (reminder.amount_fee, reminder.fee_move_id.amount_total), (4.99, 4.99)
        )

    def test_most_that_the_law_allows(self):
        """E-05: an agreed 10.00 is lowered to what the rule allows."""
        self._at("de", dunning_fee_agreed=True)
        self.rule.consumer_fee_max = 2.5
        member = self._create_late_member("Bea")
        reminder = self._reminder(self._second(), member)
        self.assertEqual(reminder.amount_fee, 2.5)
        self.assertIn("lowered to what the law allows", reminder.warning)

    def test_first_letter(self):
        """E-14: the letter that puts in default costs nothing where the rule says so."""
        self._at("de", dunning_fee_agreed=True)
        self.one.fee_product_id = self.fee_product
        member = self._create_late_member("Bea")
        reminder = self._reminder(self._estimate(), member)
        self.assertEqual(reminder.amount_fee, 0.0)
        self.assertIn("first letter", reminder.warning)

    def test_email(self):
        """E-05: a reminder by e-mail costs nothing where the rule says so; one on
        paper does."""
        self._at("de", dunning_fee_agreed=True)
        self.two.mail_template_id = self.env.ref("gym_dunning.mail_template_level_2")
        mailed = self._create_late_member("Mail")
        printed = self._create_late_member("Paper", email=False)
        run = self._second()
        self.assertEqual(self._reminder(run, mailed).amount_fee, 0.0)
        self.assertIn("e-mail", self._reminder(run, mailed).warning)
        self.assertEqual(self._reminder(run, printed).amount_fee, 1.0)

    def test_french_consumer(self):
        """E-05: in France no fee, no document, and the reminder goes out, whatever was
        agreed; an agreement of the clerk does not help."""
        self._at("fr", dunning_fee_agreed=True, dunning_fee_agreed_amount=5.0)
        member = self._create_late_member("Consumer")
        reminder = self._reminder(self._second(), member)
        self.assertEqual((reminder.amount_fee, reminder.state), (0.0, "issued"))
        self.assertFalse(reminder.fee_move_id)

    def test_french_company(self):
        """E-05: a French company pays 40.00 for each invoice and no other fee."""
        self._at("fr")
        firm = self._create_late_member("Firm", is_company=True)
        self._create_invoice(firm, days=30, amount=50.0)
        run = self._second()
        reminder = self._reminder(run, firm)
        self.assertEqual(
            (reminder.amount_fee, reminder.fee_move_id.amount_total), (80.0, 80.0)
        )
        self.assertEqual(
            reminder.fee_move_id.invoice_line_ids.product_id,
            self.fee_product,
        )

    def test_lump_sum_with_tax(self):
        """E-05: a lump sum bears the tax of the fee's article, where it has one, and
        comes to the same."""
        self._at("fr")
        self.fee_product.taxes_id = self.company_data["default_tax_sale"].copy(
            {"name": "20 %", "amount": 20.0}
        )
        firm = self._create_late_member("Firm", is_company=True)
        reminder = self._reminder(self._second(), firm)
        self.assertEqual(
            (reminder.amount_fee, reminder.fee_move_id.amount_total), (40.0, 40.0)
        )
        self.assertEqual(
            reminder.fee_move_id.invoice_line_ids.tax_ids, self.fee_product.taxes_id
        )

    def test_lump_sum_once_for_ever(self):
        """E-05: the next letter asks the lump sum of new invoices only; that of a
        cancelled run is asked again."""
        self._at("de")
        self.three.fee_product_id = self.fee_product
        firm = self._create_late_member("Firm", is_company=True)
        run = self._second()
        self.assertEqual(self._reminder(run, firm).amount_fee, 40.0)
        self._deliver(run)
        third = self._estimate(run.date + (day_after(11) - day_after(0)))
        self.assertEqual(self._reminder(third, firm).amount_fee, 0.0)
        third.action_discard()
        run.action_cancel()
        self._work()
        again = self._estimate(run.date)
        self.assertEqual(self._reminder(again, firm).amount_fee, 40.0)

    def test_rule_changed_after_the_estimate(self):
        """E-05: what is allowed is looked at again when reminders are generated."""
        self._at("ch", dunning_fee_agreed=True)
        member = self._create_late_member("Bea")
        run = self._estimate(self._reach(1))
        self.assertEqual(self._reminder(run, member).amount_fee, 10.0)
        self.rule.consumer_fee = "no"
        run.action_generate()
        self._work()
        reminder = self._reminder(run, member)
        self.assertEqual((reminder.amount_fee, reminder.state), (0.0, "issued"))

    def test_no_rule_at_all(self):
        """E-05: with every rule archived nothing is charged, and it is said."""
        self._at("ch", dunning_fee_agreed=True)
        self.env["gym.dunning.profile"].search([]).active = False
        member = self._create_late_member("Bea")
        reminder = self._reminder(self._estimate(self._reach(1)), member)
        self.assertEqual(reminder.amount_fee, 0.0)
        self.assertIn("no rule", reminder.warning)


class TestInterestOfRuns(CostCommon):
    """Interest in proposals, letters and documents."""

    def setUp(self):
        super().setUp()
        self._at("ch", dunning_interest_agreed=True)
        self.policy.level_ids.charge_interest = True

    def _expected(self, line):
        parts, __ = self.rule._compute_interest(
            line.amount,
            line.interest_from,
            line.interest_until,
            line.reminder_id.partner_id.is_company,
            line.currency_id,
        )
        return parts

    def test_booked_with_the_fee(self):
        """E-05: fee and interest are one document, a line each; the letter lists days
        and rate."""
        self.company.dunning_fee_agreed = True
        member = self._create_late_member("Bea", amount=599.0, days=92)
        run = self._estimate()
        run.action_generate()
        self._work()
        reminder = self._reminder(run, member)
        self.assertEqual((run.has_interest, run.has_charges), (True, False))
        self.assertEqual(reminder.amount_interest, 7.55)
        self.assertEqual(reminder.fee_move_id.amount_total, 7.55)
        self.assertEqual(reminder.amount_total, 606.55)
        (line,) = reminder._interest_lines()
        self.assertIn("92 days at 5.00 %", line["text"])
        self.assertEqual(line["amount"], 7.55)

    def test_not_agreed(self):
        """E-05: consumers owe interest where it was agreed; companies always."""
        self.company.dunning_interest_agreed = False
        member = self._create_late_member("Bea", amount=599.0, days=92)
        firm = self._create_late_member("Firm", amount=599.0, days=92, is_company=True)
        run = self._estimate()
        self.assertEqual(self._reminder(run, member).amount_interest, 0.0)
        self.assertEqual(self._reminder(run, firm).amount_interest, 7.55)

    def test_level_that_charges_none(self):
        """E-05: interest is an option of the level that the item reaches."""
        self.one.charge_interest = False
        member = self._create_late_member("Bea", amount=599.0, days=92)
        reminder = self._reminder(self._estimate(), member)
        self.assertEqual(reminder.amount_interest, 0.0)

    def test_days_are_claimed_once(self):
        """E-05: the next level claims the days since, never fee or interest again."""
        self.company.dunning_fee_agreed = True
        member = self._create_late_member("Bea", amount=1000.0, days=30)
        first = self._estimate()
        first.action_generate()
        self._work()
        self.assertEqual(self._reminder(first, member).amount_interest, 4.11)
        self._deliver(first)
        second = self._estimate(first.date + (day_after(11) - day_after(0)))
        reminder = self._reminder(second, member)
        (line,) = reminder.line_ids.filtered("level_id")
        self.assertEqual(
            (line.interest_from, line.interest_until), (first.date, second.date)
        )
        self.assertEqual(reminder.amount_interest, 1.51)
        # the first letter's interest is carried as a fee, without interest of its own
        self.assertEqual(
            reminder.line_ids.filtered("is_fee").mapped("amount_interest"), [0.0]
        )

    def test_cancelled_run_frees_the_days(self):
        """E-05: cancelling credits the interest, and the days are owed again."""
        member = self._create_late_member("Bea", amount=1000.0, days=30)
        run = self._estimate()
        run.action_generate()
        self._work()
        move = self._reminder(run, member).fee_move_id
        run.action_cancel()
        self._work()
        self.assertEqual(move.payment_state, "reversed")
        again = self._estimate()
        self.assertEqual(self._reminder(again, member).amount_interest, 4.11)

    def test_on_the_letter_only(self):
        """E-05: what is booked nowhere is carried by no letter, so the next one claims
        all days and the lump sum again."""
        self.policy.fee_booking = "none"
        self._at("de")
        self.policy.level_ids.fee_product_id = self.fee_product
        firm = self._create_late_member("Firm", days=30, is_company=True)
        first = self._estimate()
        first.action_generate()
        self._work()
        self._deliver(first)
        second = self._estimate(first.date + (day_after(11) - day_after(0)))
        reminder = self._reminder(second, firm)
        (line,) = reminder.line_ids
        self.assertEqual(line.interest_from, line.date_maturity)
        self.assertEqual(reminder.amount_fee, 40.0)

    def test_entries(self):
        """E-05: in an entry each article has its line, and a cancelled run takes each
        back."""
        self.policy.fee_booking = "entry"
        self.company.dunning_fee_agreed = True
        interest = self.env.ref("gym_dunning.product_interest")
        interest.property_account_income_id = self.company_data[
            "default_account_revenue"
        ]
        members = [
            self._create_late_member(name, amount=amount, days=30)
            for name, amount in (("A", 1000.0), ("B", 333.33), ("C", 7.77))
        ]
        run = self._second()
        entry = run.reminder_ids.fee_move_id
        amounts = {one.partner_id: one for one in run.reminder_ids}
        lines = {line.product_id: line.balance for line in entry.line_ids}
        self.assertAlmostEqual(
            -lines[interest], sum(amounts[one].amount_interest for one in members)
        )
        self.assertAlmostEqual(-lines[self.fee_product], 30.0)
        self.env["gym.dunning.fee"]._credit(amounts[members[0]])
        credit = entry.reversal_move_ids
        taken = {line.product_id: line.balance for line in credit.line_ids}
        self.assertAlmostEqual(taken[interest], amounts[members[0]].amount_interest)
        self.assertAlmostEqual(taken[self.fee_product], 10.0)

    def test_rate_missing(self):
        """E-05: without a rate for all days the proposal names country and day."""
        self._at("gr", dunning_interest_agreed=True)
        self.rule.rate_ids.filtered(lambda one: one.date_from.year == 2026).unlink()
        firm = self._create_late_member("Firm", is_company=True)
        run = self._estimate()
        reminder = self._reminder(run, firm)
        self.assertEqual(reminder.amount_interest, 0.0)
        self.assertIn("no interest: no rate for GR after 12/31/2025", reminder.warning)
        run.action_discard()
        # the rate is entered, and what was left out is charged
        self.rule.rate_ids.create(
            {
                "profile_id": self.rule.id,
                "date_from": "2026-01-01",
                "rate_business": 10.15,
            }
        )
        again = self._reminder(self._estimate(), firm)
        self.assertEqual(again.amount_interest, 0.83)
        self.assertNotIn("no rate", again.warning or "")

    def test_same_in_python_and_in_the_database(self):
        """E-05: the estimate and `_compute_interest` agree, whatever amounts, days and
        rates there are."""
        chance = random.Random(14)
        self.rule.rate_ids.unlink()
        days = sorted({day_after(-chance.randrange(1, 400)) for __ in range(9)})
        for day in [day_after(-500), *days]:
            self.rule.rate_ids.create(
                {
                    "profile_id": self.rule.id,
                    "date_from": day,
                    "base_rate": chance.randrange(1, 1500) / 100,
                }
            )
        member = self._create_member("Bea")
        for __ in range(40):
            self._create_invoice(
                member,
                days=chance.randrange(11, 450),
                amount=chance.randrange(1, 200000) / 100,
            )
        reminder = self._reminder(self._estimate(), member)
        lines = reminder.line_ids.filtered("level_id")
        self.assertEqual(len(lines), 40)
        for line in lines:
            parts = self._expected(line)
            self.assertEqual(
                line.amount_interest, round(sum(part[2] for part in parts), 2)
            )
            self.assertEqual(
                line._interest_parts(), parts if line.amount_interest else []
            )


class TestCostsTold(CostCommon):
    """What is charged to whom and why, in the settings."""

    def _settings(self):
        return self.env["res.config.settings"].create({})

    def test_line_of_each_centre(self):
        """E-13: amount, reason, lump sum and rates stand in one line of the centre."""
        self._at("de")
        self.policy.level_ids.charge_interest = True
        line = str(self._settings().dunning_costs)
        self.assertIn("not agreed in the contracts", line)
        self.assertIn("40.00", line)
        self.assertIn("members none (not agreed)", line)
        self._at("ch", dunning_fee_agreed=True, dunning_fee_agreed_amount=5.0)
        line = str(self._settings().dunning_costs)
        self.assertIn("5.00", line)
        self.assertIn("lowered to what was agreed", line)

    def test_old_rates_are_told(self):
        """E-13: a half-year without a rate is told, and so is a missing country."""
        self._at("de", dunning_interest_agreed=True)
        self.policy.level_ids.charge_interest = True
        self.rule.rate_ids.filtered(lambda one: one.date_from.year > 2024).unlink()
        self.assertIn("The newest rate ended", str(self._settings().dunning_costs))
        self.company.country_id = False
        self.assertIn("It has no country", str(self._settings().dunning_costs))
        self.company.country_id = self.env.ref("base.it")
        self.assertIn("no active rule for Italy", str(self._settings().dunning_costs))

    def test_example_letter(self):
        """E-13: an example letter can be looked at; nothing of it stays."""
        self._at("ch", dunning_fee_agreed=True, dunning_fee_agreed_amount=5.0)
        before = self._count_rows()
        partners = self.env["res.partner"].search_count([])
        numbers = self.env["ir.sequence"].search([("code", "=", "gym.dunning.run")])
        following = numbers.mapped("number_next_actual")
        action = self._settings().action_example_letter()
        self.assertIn("/web/content/", action["url"])
        self.assertEqual(self._count_rows(), before)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        numbers.invalidate_recordset()
        self.assertEqual(numbers.mapped("number_next_actual"), following)

    def test_delivered_texts_promise_no_agreement(self):
        """E-05: what databases in use were delivered is corrected; own words stay."""
        said = (
            "<p>Open; as agreed we charge a fee for this reminder. You may show that"
            " the damage was lower or that there was none. More.</p>"
        )
        self.two.intro = said
        self.one.intro = "<p>As agreed we charge a fee.</p>"
        convert_file(
            self.env, "gym_dunning", "data/gym_delivered_text_data.xml", None, "update"
        )
        self.assertEqual(self.two.intro, "<p>Open. More.</p>")
        self.assertEqual(self.one.intro, "<p>As agreed we charge a fee.</p>")
