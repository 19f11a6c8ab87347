from odoo import fields, models


class GymDunningExclusion(models.Model):
    """What the bank collects, or will, is left out."""

    _inherit = "gym.dunning.exclusion"

    reason = fields.Selection(
        selection_add=[
            ("debit",),
            ("waiting_for_debit", "Waiting for a Direct Debit"),
            ("debit_in_flight", "Direct Debit in Flight"),
            ("manual",),
        ],
        ondelete={"waiting_for_debit": "cascade", "debit_in_flight": "cascade"},
    )

    def _explain_items(self, date):
        # EXTENDS dunning
        return super()._explain_items(date) | {
            "waiting_for_debit": self.env._(
                "The member pays by direct debit and was not debited yet: collect it,"
                " or remind with direct debits."
            ),
            "debit_in_flight": self.env._(
                "A direct debit of this item is with the bank, or on its way there."
            ),
        }
