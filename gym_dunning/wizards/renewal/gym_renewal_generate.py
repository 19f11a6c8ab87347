from odoo import api, fields, models
from odoo.tools import date_utils


class GymRenewalGenerate(models.TransientModel):
    """Which contracts to renew (E-64b to E-67)."""

    _name = "gym.renewal.generate"
    _description = "Renew Contracts"
    _inherit = ["gym.run.wizard"]
    _run_model = "gym.renewal.run"

    run_id = fields.Many2one(
        "gym.renewal.run", help="The estimate that these filters replace."
    )
    date_from = fields.Date(
        string="Ends from",
        required=True,
        default=lambda self: date_utils.start_of(
            fields.Date.context_today(self), "month"
        ),
        help="Contracts that end on this day are renewed.",
    )
    date_to = fields.Date(
        string="Ends to",
        required=True,
        default=lambda self: date_utils.end_of(
            fields.Date.context_today(self), "month"
        ),
        help="Contracts that end on this day are renewed.",
    )
    date = fields.Date(
        string="Invoice Date", required=True, default=fields.Date.context_today
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
    )
    price_percent = fields.Float(string="Change in %")

    @api.model
    def _run_fields(self):
        return (
            "date",
            "date_from",
            "date_to",
            "price_change",
            "price_percent",
        )

    def _prepare_run_vals(self):
        vals = {name: self[name] for name in self._run_fields()}
        return vals | {"company_id": self.company_id.id}
