import uuid

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class GymAccessKey(models.TransientModel):
    """Give a turnstile the key with which it may ask `gym_check_access`.

    A device is a user without password and with no other right, which the user
    form cannot make.
    """

    _name = "gym.access.key"
    _description = "Key of an Access Device"

    user_id = fields.Many2one(
        "res.users",
        string="Device",
        domain=lambda self: [
            ("group_ids", "in", self.env.ref("gym_dunning.group_access_device").ids)
        ],
        help="Empty: a new device is made.",
    )
    name = fields.Char(string="Name of the New Device")
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
    )

    def action_generate(self):
        """Make the key and show it, once.

        :raise UserError: neither a device nor the name of a new one is given
        """
        self.ensure_one()
        device = self.user_id or self._create_device()
        keys = self.env(user=device)["res.users.apikeys"]
        # sudo: a key without end, which a device cannot renew by itself
        key = keys.sudo()._generate("rpc", self.env._("Access device"), None)
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.show",
            "name": self.env._("Key of %s", device.name),
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    def _create_device(self):
        if not self.name:
            raise UserError(
                self.env._("Choose a device, or enter the name of a new one.")
            )
        group = self.env.ref("gym_dunning.group_access_device")
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": self.name,
                    "login": f"access-device-{uuid.uuid4().hex[:12]}",
                    "company_id": self.company_id.id,
                    "company_ids": [Command.set(self.company_id.ids)],
                    "group_ids": [Command.set(group.ids)],
                }
            )
        )
