from decimal import Decimal

from odoo import models


class GymAgencyHandover(models.Model):
    """The files that leave the house."""

    _inherit = "gym.agency.handover"

    def _make_file(self):
        """Write the claims in the agency's format, keep the file and log it."""

    def _file_rows(self):
        """Return a dict for each claim that is at the agency."""
        # STUB of the real one, which is made at the same time elsewhere
        lines = self.line_ids.filtered(
            lambda one: one.file_state and one.file_state != "withdrawn"
        )
        return [
            {
                "line_number": claim.line_id.name,
                "member_number": claim.line_id.member_number,
                "last_name": claim.line_id.partner_id.name,
                "due_date": claim.date_maturity,
                "open_amount": Decimal(f"{claim.amount:.2f}"),
                "currency": claim.currency_id.name,
                "invoice_number": claim.move_id.name,
            }
            for claim in lines.claim_ids
        ]

    def _log_export(self, kind, attachment, recipient=False):
        """Note which file left the house, and where to."""
