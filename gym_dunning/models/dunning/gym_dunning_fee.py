from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import total


class GymDunningFee(models.AbstractModel):
    """What a reminder costs the member and how that is booked (E-51, AMB-14)."""

    _name = "gym.dunning.fee"
    _description = "Fee of a Reminder"

    # === AMOUNTS === #

    @api.model
    def _gross(self, level, company, currency, date, position=None, limit=None):
        """Return what the member owes for a reminder of this level, tax included.

        :param position: the fiscal position of the member's invoices
        :param limit: the most he may be charged, tax included; None: anything
        :raise UserError: the currency has no rate
        """
        net = self._net(level, company, currency, date, position, limit)
        return self._with_taxes(net, level, company, currency, position)

    @api.model
    def _with_taxes(self, net, level, company, currency, position=None):
        taxes = self._taxes(level, company, position)
        if not taxes:
            return net
        product = level.fee_product_id.with_company(company)
        return taxes.compute_all(net, currency, product=product)["total_included"]

    @api.model
    def _net(self, level, company, currency, date, position=None, limit=None):
        """Return the price on the invoice line: without tax, unless it is included."""
        if not level.fee_product_id or limit == 0:
            return 0.0
        # prices of products and fee amounts are in the company's currency
        product = level.fee_product_id.with_company(company)
        amount = level._net_fee(company)
        if self._is_invoiced(level) and position:
            taxes = product.taxes_id._filter_taxes_by_company(company)
            amount = product._get_tax_included_unit_price_from_price(
                amount, taxes, fiscal_position=position
            )
        if error := self.env["gym.invoicing"]._rate_error(company, currency):
            raise UserError(error)
        net = company.currency_id._convert(amount, currency, company, date)
        return self._within(net, limit, level, company, currency, position)

    @api.model
    def _within(self, net, limit, level, company, currency, position):
        """Lower a price until it is within the limit, tax included."""
        if limit is None:
            return net
        gross = self._with_taxes(net, level, company, currency, position)
        if currency.compare_amounts(gross, limit) <= 0:
            return net
        net = currency.round(net * limit / gross)
        while (
            currency.compare_amounts(
                self._with_taxes(net, level, company, currency, position), limit
            )
            > 0
        ):
            net = currency.round(net - currency.rounding)
        return net

    @api.model
    def _amounts(self, level, company, currency, date, position=None):
        """Return what a letter of this level costs: consumers on paper, consumers by
        e-mail, and companies, tax included."""
        return tuple(
            self._gross(
                level,
                company,
                currency,
                date,
                position,
                self._limit(level, company, currency, date, *whom)[0],
            )
            for whom in ((False, False), (False, True), (True, False))
        )

    @api.model
    def _taxes(self, level, company, position=None):
        """Return the taxes of the fee; an article without taxes bears none."""
        if not self._is_invoiced(level):
            return self.env["account.tax"]
        position = position or self.env["account.fiscal.position"]
        product = level.fee_product_id
        return self.env["gym.invoicing"]._taxes(product, company, position)

    @api.model
    def _is_invoiced(self, level):
        return level.policy_id.fee_booking == "invoice"

    @api.model
    def _deviating(self, debtors, level, company, currency, date):
        """Return what the letter costs those whose fiscal position changes the tax.

        :param debtors: callable that returns the ids of (debtor, member), asked only
            where a tax can change
        :return: pairs of ids as asked and amounts as of `_amounts`
        """
        if not self._taxes(level, company):
            return
        contacts = self.env["res.partner"]
        invoiced = {
            pair: self._invoiced_of(*(contacts.browse(id) for id in pair))
            for pair in debtors()
        }
        positions = self.env["gym.invoicing"]._fiscal_positions(
            contacts.union(*invoiced.values()), company
        )
        usual = self._amounts(level, company, currency, date)
        fees = {
            position: self._amounts(level, company, currency, date, position)
            for position in set(positions.values())
        }
        for pair, partner in invoiced.items():
            if (own := fees[positions[partner]]) != usual:
                yield pair, own

    # === BOOKING === #

    @api.model
    def _book(self, reminders):
        """Book the fees of a batch; each reminder gets its `fee_move_id`.

        :return: list of (reminder, sentence) for those that could not be booked;
            nothing of them is left behind
        """
        failures = self._refused(reminders)
        by_booking = defaultdict(self.env["gym.dunning.reminder"].browse)
        charged = reminders.filtered(lambda reminder: reminder._has_costs())
        for reminder in charged - self._records(failures):
            by_booking[reminder.run_id.policy_id.fee_booking, reminder.company_id] += (
                reminder
            )
        for (booking, __), group in by_booking.items():
            if booking == "invoice":
                failures += self._book_invoices(group)
            elif booking == "entry":
                failures += self._book_entries(group)
        return failures

    def _refused(self, reminders):
        """Refuse letters whose fee cannot be booked or converted; without a rate they
        would go out free."""
        charged = reminders.filtered(self._is_charged)
        on_letter = charged.filtered(
            lambda reminder: reminder.run_id.policy_id.fee_booking == "none"
        )
        invoicing = self.env["gym.invoicing"]
        failures = invoicing._refused(
            {
                one: (self._invoiced(one), one.company_id, one.currency_id)
                for one in charged - on_letter
            }
        )
        for (company, currency), group in on_letter.grouped(
            lambda reminder: (reminder.company_id, reminder.currency_id)
        ).items():
            if error := invoicing._rate_error(company, currency):
                failures += [(reminder, error) for reminder in group]
        return failures

    def _is_charged(self, reminder):
        """Tell whether the letter costs something, or would if its currency could be
        converted."""
        if reminder._has_costs() or not reminder.level_id.fee_product_id:
            return reminder._has_costs()
        company, currency = reminder.company_id, reminder.currency_id
        if self.env["gym.invoicing"]._has_rate(company, currency):
            return False
        whom = reminder.partner_id.is_company, reminder._choose_channel() == "email"
        limit, __ = self._limit(
            reminder.level_id, company, currency, reminder.date, *whom
        )
        return limit != 0

    @api.model
    def _invoiced(self, reminder):
        """Return whom the fee is made out to: the member whom the reminder is about,
        where his company or parent owes it; else the debtor."""
        return self._invoiced_of(reminder.partner_id, reminder.member_id)

    @api.model
    def _invoiced_of(self, debtor, member):
        return member if member.commercial_partner_id == debtor else debtor

    # === ONE INVOICE PER REMINDER === #

    def _book_invoices(self, reminders):
        invoicing = self.env["gym.invoicing"]
        company = reminders.company_id
        journal = invoicing._own_journal_vals(company)
        invoiced = {reminder: self._invoiced(reminder) for reminder in reminders}
        partners = self.env["res.partner"].union(*invoiced.values())
        positions = invoicing._fiscal_positions(partners, company)
        moves, failures = invoicing._create_posted(
            company,
            reminders,
            lambda reminder: (
                self._prepare_invoice_vals(reminder, positions[invoiced[reminder]])
                | journal
            ),
        )
        for reminder, move in moves.items():
            reminder.fee_move_id = move
            self._take_amount(reminder, move.amount_total)
        return failures

    def _records(self, failures):
        ids = [reminder.id for reminder, __ in failures]
        return self.env["gym.dunning.reminder"].browse(ids)

    def _take_amount(self, reminder, amount):
        """The letter claims what was booked, to the cent; only a fee bears taxes."""
        if reminder.currency_id.compare_amounts(reminder._costs(), amount):
            reminder.amount_fee = total(
                [amount, -reminder.amount_interest, -reminder.amount_charges]
            )
            reminder.amount_total = (
                reminder.amount_open - reminder.amount_credit + amount
            )

    def _prepare_invoice_vals(self, reminder, position):
        company = reminder.company_id
        partner = self._invoiced(reminder)
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": partner.id,
            # the one that the letter's amount was computed with
            "fiscal_position_id": position.id,
            "currency_id": reminder.currency_id.id,
            "invoice_date": reminder.date,
            # without a term the due date is the day of posting
            "invoice_payment_term_id": False,
            "invoice_date_due": reminder.date_due,
            "invoice_origin": reminder.name,
            "ref": reminder.name,
            "invoice_line_ids": [
                Command.create(self._prepare_line_vals(part, reminder, position))
                for part in self._parts(reminder)
            ],
        }

    def _prepare_line_vals(self, part, reminder, position):
        """Only the fee's own article bears taxes: all else is damages."""
        level, company = reminder.level_id, reminder.company_id
        product = part.product.with_context(lang=self._invoiced(reminder).lang)
        price, taxes = part.amount, self.env["account.tax"]
        if part.product == level.fee_product_id:
            taxes = self._taxes(level, company, position)
            price = self._price(part.amount, reminder, position)
        return {
            "product_id": product.id,
            "name": self.env._(
                "%(fee)s, reminder %(number)s",
                fee=product.display_name,
                number=reminder.name,
            ),
            "quantity": 1,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _price(self, amount, reminder, position):
        """Return the price that makes this amount, tax included: that of the article,
        lowered where the law or the contract does; a lump sum is no article's price."""
        level, company = reminder.level_id, reminder.company_id
        currency = reminder.currency_id
        if any(reminder.line_ids.mapped("amount_lump_sum")):
            return self._within(amount, amount, level, company, currency, position)
        return self._net(level, company, currency, reminder.date, position, amount)

    # === ONE ENTRY PER BATCH === #

    def _book_entries(self, reminders):
        failures = []
        for currency in reminders.currency_id:
            group = reminders.filtered(lambda r, c=currency: r.currency_id == c)
            failures += self.env["gym.process"]._apply_halving(
                group, self._create_entry
            )
        return failures

    def _create_entry(self, reminders):
        company = reminders.company_id
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "parent_of", company.id)], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no journal for miscellaneous entries. Create one, or book"
                    " fees as invoices.",
                    company.name,
                )
            )
        run = reminders.run_id
        move = (
            self.env["gym.invoicing"]
            ._moves(company)
            .create(
                {
                    "move_type": "entry",
                    "company_id": company.id,
                    "journal_id": journal.id,
                    "date": run.date,
                    "ref": run.name,
                    "line_ids": [
                        Command.create(vals)
                        for vals in self._prepare_entry_lines(reminders)
                    ],
                }
            )
        )
        self.env["gym.invoicing"]._check_analytic(move)
        move._post(soft=False)
        reminders.fee_move_id = move

    def _prepare_entry_lines(self, reminders):
        """A receivable line per member, and one line of income per article."""
        income = defaultdict(lambda: [0.0, 0.0])
        company = reminders.company_id
        for reminder in reminders:
            vals = self._prepare_receivable_vals(reminder)
            for product, *amounts in self._shares(reminder, vals):
                for index, amount in enumerate(amounts):
                    income[product][index] -= amount
            yield vals
        for product, (amount_currency, balance) in income.items():
            yield {
                "name": product.display_name,
                "product_id": product.id,
                "account_id": self._income_account(product, company).id,
                "currency_id": reminders.currency_id.id,
                "amount_currency": reminders.currency_id.round(amount_currency),
                "balance": company.currency_id.round(balance),
            }

    def _prepare_receivable_vals(self, reminder):
        company = reminder.company_id
        partner = reminder.partner_id.with_company(company)
        return {
            "name": reminder.name,
            "partner_id": partner.id,
            "account_id": partner.property_account_receivable_id.id,
            "date_maturity": reminder.date_due,
            "currency_id": reminder.currency_id.id,
            "amount_currency": reminder._costs(),
            "balance": reminder.currency_id._convert(
                reminder._costs(), company.currency_id, company, reminder.date
            ),
            # debts are not analysed; Odoo would search a distribution for each
            "analytic_distribution": False,
            # Odoo keeps general journals out of follow-up; a fee is chased
            "no_followup": False,
        }

    def _income_account(self, product, company):
        accounts = product.with_company(company).product_tmpl_id.get_product_accounts()
        if not accounts["income"]:
            raise UserError(
                self.env._(
                    "The article %(product)s of the fee has no income account in %(company)s."
                    " Enter one on the article or its category.",
                    product=product.display_name,
                    company=company.name,
                )
            )
        return accounts["income"]
