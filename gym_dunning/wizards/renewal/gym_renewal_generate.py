from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
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
    contract_ids = fields.Many2many(
        "gym.contract",
        string="Only These Contracts",
        help="Empty: all contracts that end in the range.",
    )

    @api.model
    def default_get(self, fields_list):
        """Take the contracts selected in their list, and the range of their ends.

        :raise UserError: contracts were selected, but none of them is to be renewed
        """
        # EXTENDS web
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") != "gym.contract":
            return values
        chosen = self.env["gym.contract"].browse(self.env.context.get("active_ids"))
        if not chosen:
            return values
        return values | self._prepare_chosen_vals(chosen)

    @api.model
    def _prepare_chosen_vals(self, contracts):
        due = contracts.filtered(lambda one: one.state == "active" and one.date_end)
        if not due:
            raise UserError(
                self.env._(
                    "None of the selected contracts can be renewed. Select active"
                    " contracts whose term has an end."
                )
            )
        companies = due.company_id
        company = companies if len(companies) == 1 else companies.root_id[:1]
        return {
            "contract_ids": [Command.set(due.ids)],
            "company_id": company.id,
            "date_from": min(due.mapped("date_end")),
            "date_to": max(due.mapped("date_end")),
        }

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
        return vals | {
            "company_id": self.company_id.id,
            "contract_ids": [Command.set(self.contract_ids.ids)],
        }
