from odoo import api, fields, models


class GymRenewalNoticeGenerate(models.TransientModel):
    """Whom to tell that the contract will be renewed."""

    _name = "gym.renewal.notice.generate"
    _description = "Send Notices of Renewal"
    _inherit = ["gym.run.wizard"]
    _run_model = "gym.renewal.notice.run"

    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Day of the notices: contracts that are due for a notice on this day are "
        "proposed.",
    )
    price_change = fields.Selection(
        selection=lambda self: (
            self.env["gym.renewal.run"]
            ._fields["price_change"]
            ._description_selection(self.env)
        ),
        string="Price",
        default="keep",
        required=True,
        help="As the renewal will do it: the notice names the new price.",
    )
    price_percent = fields.Float(string="Change in %")

    @api.model
    def _run_fields(self):
        return ("date", "price_change", "price_percent")

    def _prepare_run_vals(self):
        vals = {name: self[name] for name in self._run_fields()}
        return vals | {"company_id": self.company_id.id}
