from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ..models.gym_renewal_run_automatic import NobodyToRenew


class GymRenewalGenerate(models.TransientModel):
    """Which contracts to renew (E-64b to E-67)."""

    _name = "gym.renewal.generate"
    _description = "Renew Contracts"

    run_id = fields.Many2one(
        "gym.renewal.run", help="The estimate that these filters replace."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="A centre, or the holding for all its centres.",
    )
    # names: the rows of companies that are not ticked cannot be read
    unticked_centres = fields.Char(
        string="Centres Not Ticked", compute="_compute_unticked_centres"
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

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_unticked_centres(self):
        for wizard in self:
            unticked = wizard.company_id._unticked_centres().sudo()
            wizard.unticked_centres = ", ".join(unticked.mapped("name"))

    def action_continue(self):
        """Estimate which contracts would be renewed.

        :return: the action that shows the estimate
        :raise UserError: no contract is to be renewed; nothing is stored then (E-67)
        """
        replaced = bool(self.run_id)
        try:
            run = self._make_run()
        except NobodyToRenew as nobody:
            # the web client knows Odoo's own exceptions only
            raise UserError(nobody.args[0]) from None
        # no way back to an estimate that is gone
        target = "main" if replaced else "current"
        return run._get_records_action(name=run.name, target=target)

    def _make_run(self):
        """Estimate, for people and for the scheduled action.

        :return: the run
        :raise NobodyToRenew: with the sentence for the user
        """
        self.ensure_one()
        # who catches the refusal, as scheduled actions do, finds nothing stored
        with self.env.cr.savepoint():
            self._discard_previous()
            run = self.env["gym.renewal.run"].create(self._prepare_run_vals())
            run._estimate()
            if not run.line_ids:
                raise NobodyToRenew(run._nobody_message())
        self.run_id = run
        return run

    def _discard_previous(self):
        previous = self.run_id.exists()
        if previous.state == "estimated":
            previous.unlink()

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

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renew Contracts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
