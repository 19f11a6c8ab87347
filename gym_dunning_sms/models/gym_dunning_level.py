from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GymDunningLevel(models.Model):
    """Whether a level sends SMS, and with which text."""

    _inherit = "gym.dunning.level"

    sms_use = fields.Selection(
        [
            ("no", "No"),
            ("also", "Besides letter or e-mail"),
            ("instead", "Instead of paper"),
        ],
        string="SMS",
        default="no",
        required=True,
        help="Besides letter or e-mail: a notice, which decides nothing about the"
        " delivery. Instead of paper: the delivery itself, for addressees with a"
        " mobile number and without a usable e-mail address; where it fails, the"
        " letter is printed. Only levels that send a document send SMS.",
    )
    sms_template_id = fields.Many2one(
        "sms.template",
        string="Text of the SMS",
        domain="[('model', '=', 'gym.dunning.reminder')]",
    )

    @api.constrains("sms_use", "sms_template_id")
    def _check_sms_template(self):
        for level in self:
            if level.sms_use != "no" and not level.sms_template_id:
                raise ValidationError(
                    self.env._("Level %s: choose the text of the SMS.", level.name)
                )

    def _sends_sms(self, use):
        """Tell whether SMS are used so; a template may have been deleted since."""
        self.ensure_one()
        return self.sms_use == use and bool(self.sms_template_id)
