from odoo import api, models
from odoo.tools import SQL


class GymOpenItem(models.Model):
    """An item of a contract is about the contract's member, whoever pays."""

    _inherit = "gym.open.item"
    _depends = {
        "gym.contract": ["partner_id"],
        "gym.contract.period": ["contract_id", "move_id"],
    }

    def _rare_sql(self):
        # EXTENDS the ledger
        billed = SQL("SELECT FROM gym_contract_period WHERE move_id IS NOT NULL")
        return super()._rare_sql() | {"contracts": billed}

    def _member_sql(self):
        # EXTENDS the ledger
        if not self._may_have("contracts"):
            return super()._member_sql()
        return SQL(
            "COALESCE(%s, %s)", self._contract_member_sql(), super()._member_sql()
        )

    def _contract_member_sql(self):
        """The member of the contract behind the invoice; nobody where an accountant
        put contracts of several members on one."""
        return SQL(
            """(SELECT min(contract.partner_id)
                  FROM gym_contract_period period
                  JOIN gym_contract contract ON contract.id = period.contract_id
                 WHERE period.move_id = aml.move_id
                HAVING min(contract.partner_id) = max(contract.partner_id))"""
        )

    @api.model
    def _items_about_sql(self, people):
        # EXTENDS the ledger
        periods = self.env["gym.contract.period"]
        periods.flush_model(["contract_id", "move_id"])
        periods.contract_id.flush_model(["partner_id"])
        return SQL(
            """%s UNION ALL
               SELECT line.id FROM gym_contract contract
                 JOIN gym_contract_period period ON period.contract_id = contract.id
                 JOIN account_move_line line ON line.move_id = period.move_id
                WHERE contract.partner_id = ANY(%s)""",
            super()._items_about_sql(people),
            people.ids,
        )
