import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command

from .gym_demo_people import ADULTS, MINORS

_logger = logging.getLogger(__name__)

# of holding and centres: without it members pay no fee
AGREEMENT = {
    "dunning_fee_agreed": True,
    "dunning_fee_agreed_amount": 1.0,
    "dunning_fee_agreed_date": "2025-01-01",
    "dunning_fee_clause": "section 7 of our terms",
}
CHART = "generic_coa"
IBAN = "DE89 3704 0044 0532 0130 00"
# Every member has a monthly invoice; these are days since its due date.
AGES = (3, 5, 11, 12, 16, 19, 25, 30, 45)


class GymDemo(models.AbstractModel):
    """The demo gym: a holding with two centres, its members and their invoices."""

    _name = "gym.demo"
    _description = "Demo Gym"

    @api.model
    def _load(self):
        """Make the demo gym and its past, run its reminders of the last weeks and of today;
        then its contracts, agency, cases, direct debits, bank file and answers, so
        that the reminders do not depend on them.

        :return: what happened, as text
        """
        self = self.with_context(tracking_disable=True, mail_create_nolog=True)
        holding, centres = self._make_companies()
        self = self.with_context(allowed_company_ids=(holding | centres).ids)
        report = self._make_history(holding)
        members = self._make_members(centres)
        self._make_invoices(members)
        self._settle_some(members)
        self._hold_some(members)
        report += "\n" + self._run_reminders(holding)
        report += "\n" + self._make_contracts(holding, members)
        report += "\n" + self._make_agency(holding)
        report += "\n" + self._make_cases(holding)
        report += "\n" + self._make_debits(holding)
        report += "\n" + self._make_receipts(holding)
        return report + "\n" + self._make_answers()

    # === COMPANIES === #

    def _make_companies(self):
        holding = self._make_holding()
        centres = self.env["res.company"].create(
            [
                {"name": name, "parent_id": holding.id, "street": street}
                | {"zip": "79098", "city": "Freiburg"}
                | {"country_id": self.env.ref("base.de").id}
                | AGREEMENT
                for name, street in (
                    ("Kent Fitness City", "Rathausgasse 4"),
                    ("Kent Fitness Lake", "Seeweg 12"),
                )
            ]
        )
        users = self.env.ref("base.user_admin") | self.env.user
        users.write(
            {
                "company_ids": [
                    Command.link(company.id) for company in holding | centres
                ],
                "company_id": holding.id,
            }
        )
        for centre in centres:
            # a branch gets its accounts at commit only
            self.env["account.chart.template"].try_loading(
                CHART, company=centre, install_demo=False
            )
        self._make_bank_account(holding)
        return holding, centres

    def _make_holding(self):
        vals = {
            "name": "Kent Fitness",
            "street": "Kaiserstrasse 100",
            "zip": "79098",
            "city": "Freiburg",
            "country_id": self.env.ref("base.de").id,
            "phone": "+49 761 555 0100",
            "email": "office@kentfitness.example",
            "website": "https://kentfitness.example",
            "company_registry": "HRB 700100",
        }
        vals |= AGREEMENT
        euro = self.env.ref("base.EUR")
        euro.active = True
        main = self.env.ref("base.main_company")
        moves = self.env["account.move"].search_count([], limit=1)
        if moves or main.child_ids:
            holding = main.create(vals)
        else:
            holding = main  # a new database
            holding.write(vals)
        self.env["account.chart.template"].try_loading(
            CHART, company=holding, install_demo=False
        )
        holding.currency_id = euro  # the generic chart comes with dollars
        return holding

    def _make_bank_account(self, holding):
        bank = self.env["res.bank"].create({"name": "Demo Bank", "bic": "COBADEFFXXX"})
        self.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "bank_id": bank.id,
                "partner_id": holding.partner_id.id,
                "acc_holder_name": holding.name,
            }
        )

    # === MEMBERS === #

    def _make_members(self, centres):
        installed = {code for code, __ in self.env["res.lang"].get_installed()}
        active = self.env.ref("gym_dunning.member_status_active")
        vals_list = []
        for number, (name, street, city, lang) in enumerate(ADULTS):
            vals_list.append(
                {
                    "name": name,
                    "street": street,
                    "zip": "79098",
                    "city": city,
                    "country_id": self.env.ref("base.de").id,
                    # some get letters, which cost a fee; e-mails do not
                    "email": f"{name.split()[-1].lower()}{number}@members.example"
                    if number % 3
                    else False,
                    "lang": lang if lang in installed else "en_US",
                    "birthdate_date": self._years_ago(20 + number % 45),
                    "member_status_id": active.id,
                }
            )
        adults = self.env["res.partner"].create(vals_list)
        adults[-1].write({"email": False, "street": False, "zip": False, "city": False})
        minors = self._make_minors(adults)
        firm = self.env["res.partner"].create(self._prepare_firm_vals(active))
        return adults | minors | firm

    def _years_ago(self, years):
        return fields.Date.context_today(self) - relativedelta(years=years, days=40)

    def _make_minors(self, adults):
        minors = self.env["res.partner"]
        for position, (name, age, with_guardian) in enumerate(MINORS):
            guardian = adults[position + 10]
            minors |= minors.create(
                {
                    "name": name,
                    "street": guardian.street,
                    "zip": guardian.zip,
                    "city": guardian.city,
                    "country_id": guardian.country_id.id,
                    "birthdate_date": self._years_ago(age),
                    "member_status_id": self.env.ref(
                        "gym_dunning.member_status_active"
                    ).id,
                    "guardian_ids": [
                        Command.set(guardian.ids if with_guardian else [])
                    ],
                }
            )
        return minors

    def _prepare_firm_vals(self, active):
        return {
            "name": "Hill & Sons Ltd",
            "is_company": True,
            "street": "Industriestrasse 9",
            "zip": "79098",
            "city": "Freiburg",
            "country_id": self.env.ref("base.de").id,
            "member_status_id": active.id,
            "child_ids": [
                Command.create(
                    {
                        "name": "Accounts Payable",
                        "type": "invoice",
                        "street": "Postfach 77",
                        "zip": "79098",
                        "city": "Freiburg",
                        "email": "invoices@hill.example",
                    }
                )
            ],
        }

    # === INVOICES === #

    def _make_invoices(self, members):
        product = self._membership()
        centres = self.env.companies.filtered("parent_id")
        for position, centre in enumerate(centres):
            vals_list = []
            for number, member in enumerate(members):
                if number % len(centres) == position:
                    vals_list += self._prepare_invoices(member, number, product)
            moves = self.env["account.move"].with_company(centre).create(vals_list)
            moves._post(soft=False)

    def _membership(self):
        name = "Membership, monthly"
        products = self.env["product.product"]
        return products.search([("name", "=", name)], limit=1) or products.create(
            {
                "name": name,
                "type": "service",
                "list_price": 59.0,
                "taxes_id": [Command.clear()],
            }
        )

    def _prepare_invoices(self, member, number, product):
        """One to three invoices; Kent Paul and Kent Laura are the latest payers."""
        ages = [AGES[number % len(AGES)]]
        if member.name in ("Kent Paul", "Kent Laura"):
            ages = [75]
        if number % 3 == 0:
            ages.append(ages[0] + 30)
        today = fields.Date.context_today(self)
        for age in ages:
            due = today - relativedelta(days=age)
            vals = {
                "move_type": "out_invoice",
                "partner_id": member.id,
                "invoice_date": due - relativedelta(days=10),
                "invoice_payment_term_id": False,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 59.0 + 10 * (number % 4),
                        }
                    )
                ],
            }
            if number % 11 == 5:
                vals["invoice_payment_term_id"] = self._instalments().id
                vals["invoice_line_ids"][0][2]["price_unit"] = 540.0
            yield vals

    def _instalments(self):
        name = "Three instalments"
        terms = self.env["account.payment.term"]
        return terms.search([("name", "=", name)], limit=1) or terms.create(
            {
                "name": name,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": share,
                            "nb_days": days,
                            "delay_type": "days_after",
                        }
                    )
                    for share, days in ((34, 10), (33, 40), (33, 70))
                ],
            }
        )

    # === PAYMENTS, CREDIT NOTES, HOLDS === #

    def _settle_some(self, members):
        """Some paid, some paid a part, some have credit notes, one too much."""
        invoices = self.env["account.move"].search(
            [("move_type", "=", "out_invoice"), ("partner_id", "in", members.ids)],
            order="id",
        )
        for number, invoice in enumerate(invoices):
            if invoice.partner_id.name in ("Kent Paul", "Kent Laura"):
                continue
            if number % 5 == 1:
                self._pay(invoice, invoice.amount_residual)
            elif number % 9 == 2:
                self._pay(invoice, 20.0)
            elif number % 13 == 3:
                self._credit(invoice, post=number % 2 == 0)

    def _pay(self, invoice, amount, date=None):
        wizard = (
            self.env["account.payment.register"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"amount": amount, "payment_date": date or invoice.invoice_date_due}
            )
        )
        wizard._create_payments()

    def _credit(self, invoice, post):
        """A credit note of a part, not allocated; a draft one is only announced."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        note.invoice_line_ids[:1].price_unit = 25.0
        if post:
            note._post(soft=False)

    def _hold_some(self, members):
        by_name = {member.name: member for member in members}
        by_name["Nora Fischer"].client_status_id = self.env.ref(
            "gym_dunning.client_status_paused"
        )
        items = self.env["gym.open.item"].search(
            [("partner_id", "=", by_name["Emil Roth"].id)], limit=1
        )
        self.env["gym.dunning.hold"].create(
            {
                "move_line_id": items.move_line_id.id,
                "reason": "dispute",
                "note": "says he cancelled in time",
            }
        )
