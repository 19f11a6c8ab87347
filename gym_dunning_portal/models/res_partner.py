from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from . import tokens


class ResPartner(models.Model):
    """The link to a person's page, and how all links are withdrawn."""

    _inherit = "res.partner"

    gym_link_counter = fields.Integer(
        copy=False,
        groups="base.group_system",
        help="Raised when the links to the person's page are withdrawn.",
    )

    def _gym_link(self, company, purpose="letter", policy=None):
        """Return the URL of the person's page about what is owed to this company.

        :param company: the creditor
        :param purpose: how the link reaches the person, see `tokens.PURPOSES`
        :param policy: says for how long; None: what the company goes by
        """
        self.ensure_one()
        token = self._gym_token(company, purpose, policy)
        return f"{self.get_base_url()}/gym/{token}"

    def _gym_token(self, company, purpose="letter", policy=None):
        """Return what the person's link ends with; see `gym.page._of_token`."""
        self.ensure_one()
        # sudo: the counter is nobody's to read, and the key is the database's
        return tokens.make(
            self.env(su=True),
            tokens.Claims(
                partner_id=self.id,
                company_id=company.id,
                purpose=purpose,
                last_day=self.env["gym.page"]._last_day(company, policy),
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
        names = ("birthdate_date", "commercial_partner_id", "member_number")
        names += ("name", "parent_id")
        return self | self.search_fetch(others, names, order="birthdate_date, id")

    def _gym_page_viewer(self):
        """Return whose page a code at the reception opens: of a minor, the guardian's,
        where there is one."""
        self.ensure_one()
        if not self.is_minor:
            return self
        parent = self.parent_id.filtered(lambda one: not one.is_company)
        return (self.guardian_ids.filtered("active") or parent or self)[:1]

    def _gym_page_company(self):
        """Return the company whose page is meant: the current one, unless nothing is
        open there but at another one that is ticked, or a branch of it."""
        self.ensure_one()
        current = self.env.company
        centres = self.env.companies._with_unticked_centres()
        creditors = self.env["gym.page"]._creditors(self) & centres
        return current if current in creditors else (creditors or current)[:1]

    # === ACTIONS === #

    def action_gym_withdraw_links(self):
        """Withdraw all links to the pages of these contacts that were ever given out;
        wrong answers to who they are, are forgotten too.

        :return: a message that says so
        :raise AccessError: only a reminder clerk may
        """
        self._gym_check_page_clerk()
        # sudo: the counter is nobody's to write but by this method
        for partner in self.sudo():
            partner.gym_link_counter += 1
        self.env["gym.page.lock"]._forget(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "All links to the page of %s that were given out until now are"
                    " withdrawn. The next letter has a new one.",
                    ", ".join(self.mapped("display_name")),
                ),
            },
        }

    def action_gym_preview_page(self):
        """Open the page of what is owed to the current company, as the member sees it.

        :raise AccessError: only a reminder clerk may
        """
        self.ensure_one()
        self._gym_check_page_clerk()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gym/preview/{self.id}/{self._gym_page_company().id}",
            "target": "new",
        }

    def action_gym_page_code(self):
        """Show the code that opens the member's page on a phone, without the sum."""
        self.ensure_one()
        viewer = self._gym_page_viewer()
        dialog = self.env["gym.page.code"].create(
            {"partner_id": self.id, "company_id": viewer._gym_page_company().id}
        )
        return dialog._action_open()

    def _gym_check_page_clerk(self):
        if not self.env.user.has_group("gym_dunning.group_dunning_user"):
            raise AccessError(
                self.env._("Only a reminder clerk may see or withdraw a member's page.")
            )
        self.check_access("read")
