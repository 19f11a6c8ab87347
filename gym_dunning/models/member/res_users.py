import uuid

from odoo import api, models
from odoo.fields import Command


class ResUsers(models.Model):
    """Users that are machines: no password, one right, and a key shown once."""

    _inherit = "res.users"

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
