from odoo import fields, models
from odoo.exceptions import UserError


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
        return device._generate_machine_key(self.env._("Access device"))

    def _create_device(self):
        if not self.name:
            raise UserError(
                self.env._("Choose a device, or enter the name of a new one.")
            )
        group = self.env.ref("gym_dunning.group_access_device")
        return self.env["res.users"]._create_machine(
            self.name, "access-device", group, self.company_id
        )
