from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_date


class GymContractBilling(models.AbstractModel):
    """Terms of contracts become invoices, at the start and at each renewal."""

    _name = "gym.contract.billing"
    _description = "Invoices of Contracts"

    @api.model
    def _bill(self, terms, date, done=None):
        """Post one invoice per contract and note its periods; all or nothing each.

        :param terms: dict of contract to the values of its new periods
        :param date: date of the invoices
        :param done: callable that takes contracts billed; what it writes stands or
            falls with their invoices and periods
        :return: list of (contract, sentence) for those that failed; they are as
            they were before (AMB-18)
        """
        contracts = self.env["gym.contract"].browse(one.id for one in terms)
        failures = self.env["gym.invoicing"]._refused(
            {one: (one._debtor(), one.company_id, one.currency_id) for one in contracts}
        )
        contracts -= contracts.browse(one.id for one, __ in failures)
        for company, group in contracts.grouped("company_id").items():
            failures += self._bill_company(company, group, terms, date, done)
        return failures

    def _bill_company(self, company, contracts, terms, date, done):
        def note(part, moves):
            self._note_periods(part, terms, moves)
            if done:
                done(part)
            self.env.flush_all()  # what the database refuses fails here

        charged = contracts.filtered(
            lambda one: any(period["amount"] for period in terms[one])
        )
        journal = self.env["gym.invoicing"]._own_journal_vals(company)
        __, failures = self.env["gym.invoicing"]._create_posted(
            company,
            charged,
            lambda one: self._prepare_move_vals(one, terms[one], date) | journal,
            note,
        )
        return failures + self.env["gym.process"]._apply_halving(
            contracts - charged, lambda part: note(part, {})
        )

    def _note_periods(self, contracts, terms, moves):
        """Write down what was invoiced: the contract runs to the new end."""
        no_move = self.env["account.move"]
        vals_list = [
            vals | {"move_id": moves.get(contract, no_move).id}
            for contract in contracts
            for vals in terms[contract]
        ]
        # sudo: periods are history; only activation and renewal write them
        periods = self.env["gym.contract.period"].sudo().create(vals_list)
        for period in periods:
            period.subscription_id.date_end = period.date_end

    def _prepare_move_vals(self, contract, terms, date):
        debtor = contract._debtor()
        term = contract.payment_term_id or debtor.property_payment_term_id
        due = {} if term else {"invoice_date_due": date}
        return due | {
            "move_type": "out_invoice",
            "company_id": contract.company_id.id,
            "partner_id": debtor.id,
            "currency_id": contract.currency_id.id,
            "invoice_date": date,
            "invoice_origin": contract.name,
            "ref": contract.name,
            "invoice_payment_term_id": term.id,
            "invoice_line_ids": [
                Command.create(self._prepare_line_vals(debtor, vals)) for vals in terms
            ],
        }

    def _prepare_line_vals(self, debtor, vals):
        env = self.with_context(lang=debtor.lang).env
        subscription = env["gym.contract.subscription"].browse(vals["subscription_id"])
        product = subscription.product_id
        return {
            "product_id": product.id,
            "name": env._(
                "%(product)s, %(start)s to %(end)s",
                product=product.display_name,
                start=format_date(env, vals["date_start"]),
                end=format_date(env, vals["date_end"]),
            ),
            "quantity": subscription.quantity,
            "price_unit": vals["price_unit"],
        }
