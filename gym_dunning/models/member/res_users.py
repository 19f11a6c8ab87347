import uuid

from odoo import api, models
from odoo.fields import Command


class ResUsers(models.Model):
    """Users that are members, and users that are machines: no password, one right, and
    a key shown once."""

    _inherit = "res.users"

    # === THE PORTAL === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: whoever invites or signs up, in whichever centre
        users = super().create(vals_list)
        users._gym_open_centres()
        return users

    @api.model
    def _gym_open_centres_of_all(self):
        # sudo: an update knows no user
        users = self.sudo().search([("share", "=", True)])
        users._gym_open_centres()

    def _gym_open_centres(self):
        """Give portal users every centre that invoiced them.

        Odoo gives them the one that was current for who invited them, and a portal
        shows nothing of other companies. What they read there is said by the rules of
        the portal: their own, whatever the company.
        """
        # sudo: who invites a member need not see all centres, nor edit users
        members = self.sudo().filtered("share")
        if not members:
            return
        moves = self.env["account.move"].sudo()
        rows = moves._read_group(
            [
                ("commercial_partner_id", "in", members.commercial_partner_id.ids),
                ("state", "=", "posted"),
                ("move_type", "in", moves.get_sale_types()),
            ],
            ["commercial_partner_id"],
            ["company_id:recordset"],
        )
        centres = dict(rows)
        for user in members.filtered("commercial_partner_id"):
            missing = centres.get(user.commercial_partner_id, self.env["res.company"])
            if missing - user.company_ids:
                user.company_ids |= missing

    # === MACHINES === #

    @api.model
    def _create_machine(self, name, kind, group, company):
        """Return a new user who is in this group only; the user form cannot make one.

        :param kind: begins the login
        """
        return self.with_context(no_reset_password=True).create(
            {
                "name": name,
                "login": f"{kind}-{uuid.uuid4().hex[:12]}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(group.ids)],
            }
        )

    def _generate_machine_key(self, label):
        """Make a key without end; return the dialog that shows it, once."""
        self.ensure_one()
        # sudo: a key without end, which a machine cannot renew by itself
        keys = self.env(user=self)["res.users.apikeys"].sudo()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("Key of %s", self.name),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": keys._generate("rpc", label, None)},
        }
