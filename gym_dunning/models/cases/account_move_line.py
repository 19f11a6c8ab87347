from odoo import models


class AccountMoveLine(models.Model):
    """A debt whose journal item is deleted leaves its case, and the case knows."""

    _inherit = "account.move.line"

    def unlink(self):
        # EXTENDS account: the database would delete the debt without summing up anew
        # sudo: who changes an invoice need not see the case
        debts = self.env["gym.collection.case.item"].sudo()
        debts.search([("move_line_id", "in", self.ids)]).unlink()
        return super().unlink()
