from odoo import fields, models


class ResCompany(models.Model):
    """Which law a centre's claims are under, and what its contracts say of costs."""

    _inherit = "res.company"

    dunning_fee_agreed = fields.Boolean(
        string="Fees Are Agreed in Our Contracts",
        help="Without an agreement, consumers pay no reminder fee where the law "
        "requires one.",
    )
    dunning_fee_agreed_amount = fields.Monetary(
        string="Agreed Fee",
        help="Tax included, in the company's currency. 0: the amount of the fee.",
    )
    dunning_fee_agreed_date = fields.Date(string="Agreed Since")
    dunning_fee_clause = fields.Char(
        string="Clause", help="Where to find it, e.g. section 7 of the terms."
    )
    dunning_interest_agreed = fields.Boolean(
        string="Interest Is Agreed in Our Contracts",
        help="Without it, consumers pay no interest where the rule requires an "
        "agreement.",
    )

    def _gym_country(self):
        """Return the country of a centre, else of its holding."""
        self.ensure_one()
        company = self.sudo()  # the holding's address is no secret to its centres
        return company.country_id or company.root_id.country_id
