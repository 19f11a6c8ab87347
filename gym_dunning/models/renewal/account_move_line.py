from collections import defaultdict

from odoo import models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    """The contract behind a debt, for who has to name it."""

    _inherit = "account.move.line"

    def _gym_contract_details(self):
        # EXTENDS ledger
        return super()._gym_contract_details() | {
            item_id: {
                "contract_number": contract.name,
                "contract_date": contract.date_start,
            }
            for item_id, contract in self._gym_contracts().items()
        }

    def _gym_contracts(self):
        """Return the contract behind each item, by item id.

        That of the term which the document invoiced; else the only one of the debtor
        that ran on the document's day. Of two the agency would be told a guess.
        """
        invoiced = self._gym_invoiced_contracts(self.move_id)
        by_debtor = self._gym_debtor_contracts(self.partner_id)
        contracts = {}
        for item in self:
            day = item.move_id.invoice_date or item.date
            running = [
                contract
                for contract in by_debtor[item.partner_id, item.company_id]
                if contract._ran_on(day)
            ]
            if item.move_id in invoiced:
                contracts[item.id] = invoiced[item.move_id]
            elif len(running) == 1:
                contracts[item.id] = running[0]
        return contracts

    def _gym_invoiced_contracts(self, moves):
        periods = self.env["gym.contract.period"].search(
            Domain("move_id", "in", moves.ids)
        )
        return {period.move_id: period.contract_id for period in periods}

    def _gym_debtor_contracts(self, partners):
        owner = Domain.OR(
            Domain(f"{field}.commercial_partner_id", "in", partners.ids)
            for field in ("partner_id", "payer_id")
        )
        contracts = defaultdict(list)
        for contract in self.env["gym.contract"].search(
            owner & Domain("state", "!=", "draft")
        ):
            debtor = contract._debtor().commercial_partner_id
            contracts[debtor, contract.company_id].append(contract)
        return contracts
