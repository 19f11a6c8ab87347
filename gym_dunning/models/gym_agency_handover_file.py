from odoo import models


class GymAgencyHandover(models.Model):
    """The files that leave the house."""

    _inherit = "gym.agency.handover"

    def _make_file(self):
        """Write the claims in the agency's format, keep the file and log it."""
