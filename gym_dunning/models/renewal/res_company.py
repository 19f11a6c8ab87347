from odoo import fields, models


class ResCompany(models.Model):
    """How contracts are renewed without anybody, and what they open."""

    _inherit = "res.company"

    renewal_skip_blocked = fields.Boolean(
        string="Do Not Renew Blocked Members",
        help="Contracts of members who have no access are left out of renewals.",
    )
    renewal_auto = fields.Boolean(
        string="Renew Contracts Automatically",
        help="The scheduled action renews the contracts of this company and of the"
        " branches below it.",
    )
    renewal_days_before = fields.Integer(
        string="Days before the End",
        help="0: on the last day of the term.",
    )
    renewal_responsible_id = fields.Many2one(
        "res.users",
        string="Responsible for Renewals",
        domain=[("share", "=", False)],
        help="Receives the reports of automatic renewals: what was renewed, and what "
        "failed.",
    )
    renewal_last_date = fields.Date(
        string="Last Automatic Renewal", readonly=True, copy=False
    )
    access_needs_contract = fields.Boolean(
        string="Access Needs a Running Contract",
        help="Members pass the turnstile only while a contract of theirs runs, besides"
        " having a status that allows it. Of the holding, for all its centres.",
    )

    _renewal_days = models.Constraint(
        "CHECK (renewal_days_before >= 0)",
        "Contracts are renewed this many days before they end. The number cannot be "
        "negative.",
    )

    def _renewal_person(self):
        """Return who is told about automatic renewals: somebody who is there."""
        self.ensure_one()
        return self.sudo().renewal_responsible_id._gym_first_present()
