from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_date


class GymContractBilling(models.AbstractModel):
    """Terms of contracts become invoices, at the start and at each renewal."""

    _name = "gym.contract.billing"
    _description = "Invoices of Contracts"

    @api.model
    def _bill(self, terms, date):
        """Post one invoice per contract and note its periods; all or nothing each.

        :param terms: dict of contract to the values of its new periods
        :param date: date of the invoices
        :return: list of (contract, sentence) for those that failed; they are as
            they were before (AMB-18)
        """
        contracts = self.env["gym.contract"].browse(one.id for one in terms)
        failures = self._refused(contracts)
        contracts -= contracts.browse(one.id for one, __ in failures)
        for company, group in contracts.grouped("company_id").items():
            mine = {contract: terms[contract] for contract in group}
            failures += self._bill_company(company, mine, date)
        return failures

    def _refused(self, contracts):
        """Known causes, checked in one pass before anything is made."""
        invoicing = self.env["gym.invoicing"]
        checked = {}
        failures = []
        for contract in contracts:
            key = contract._debtor(), contract.company_id, contract.currency_id
            if key not in checked:
                checked[key] = invoicing._debtor_error(*key)
            if checked[key]:
                failures.append((contract, checked[key]))
        return failures

    def _bill_company(self, company, terms, date):
        charged = {
            contract: vals
            for contract, vals in terms.items()
            if any(period["amount"] for period in vals)
        }
        journal = self.env["gym.invoicing"]._own_journal_vals(company)
        moves, failures = self.env["gym.invoicing"]._create_posted(
            company,
            {
                contract: self._prepare_move_vals(contract, vals, date) | journal
                for contract, vals in charged.items()
            },
        )
        failed = {contract for contract, __ in failures}
        self._note_periods(
            {one: vals for one, vals in terms.items() if one not in failed}, moves
        )
        return failures

    def _note_periods(self, terms, moves):
        """Write down what was invoiced: the contract runs to the new end."""
        no_move = self.env["account.move"]
        vals_list = [
            vals | {"move_id": moves.get(contract, no_move).id}
            for contract, periods in terms.items()
            for vals in periods
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
