from odoo import models


class AccountStatementImportCamtParser(models.AbstractModel):
    """Each payment of a booking keeps its own references."""

    _inherit = "account.statement.import.camt.parser"

    def parse_transaction_details(self, ns, node, transaction):
        # EXTENDS account_statement_import_camt: the payments of a booking share their
        # notes there, and what the first one named would stand at the next one, too
        transaction["narration"] = dict(transaction["narration"])
        return super().parse_transaction_details(ns, node, transaction)
