from odoo import fields, models
from odoo.fields import Domain

from . import tokens


class ResPartner(models.Model):
    """The link to a person's page, and how all links are withdrawn."""

    _inherit = "res.partner"

    gym_link_counter = fields.Integer(
        copy=False,
        default=0,
        groups="base.group_system",
        help="Raised when the links to the person's page are withdrawn.",
    )

    def _gym_link(self, company, purpose="letter"):
        """Return the URL of the person's page about what is owed to this company.

        :param company: the creditor
        :param purpose: how the link reaches the person, see `tokens.PURPOSES`
        """
        self.ensure_one()
        token = self._gym_token(company, purpose)
        return f"{self.get_base_url()}/gym/{token}"

    def _gym_token(self, company, purpose="letter"):
        """Return what the person's link ends with; see `gym.page._of_token`."""
        self.ensure_one()
        # sudo: the counter is nobody's to read, and the key is the database's
        return tokens.make(
            self.env(su=True),
            tokens.Claims(
                partner_id=self.id,
                company_id=company.id,
                purpose=purpose,
                last_day=self.env["gym.page"]._last_day(company),
                counter=self.sudo().gym_link_counter,
            ),
        )

    # === WHOSE PAGE === #

    def _gym_page_people(self):
        """Return whose debts this person sees: the own ones first, then those of the
        children whose guardian, and of those whose payment contact this is."""
        self.ensure_one()
        minors = self.env["gym.page"]._minors_domain()
        guarded = Domain("guardian_ids", "in", self.ids)
        if not self.is_company:
            guarded |= Domain("parent_id", "=", self.id)
        others = (minors & guarded) | Domain("payment_contact_id", "=", self.id)
        return self | self.search(others, order="birthdate_date, id")
