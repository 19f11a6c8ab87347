from odoo import api, fields, models
from odoo.exceptions import UserError


class GymRenewalNoticeGenerate(models.TransientModel):
    """Whom to tell that the contract will be renewed."""

    _name = "gym.renewal.notice.generate"
    _description = "Send Notices of Renewal"

    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="A centre, or the holding for all its centres.",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Day of the notices: contracts in whose window it lies are proposed.",
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

    def action_continue(self):
        """Estimate who would be told.

        :return: the action that shows the estimate
        :raise UserError: nobody is to be told; nothing is stored then
        """
        self.ensure_one()
        # who catches the refusal finds nothing stored
        with self.env.cr.savepoint():
            run = self.env["gym.renewal.notice.run"].create(self._prepare_run_vals())
            run._estimate()
            if not run.notice_ids:
                raise UserError(run._nobody_message())
        return run._get_records_action(name=run.name)

    @api.model
    def _run_fields(self):
        return ("date", "price_change", "price_percent")

    def _prepare_run_vals(self):
        vals = {name: self[name] for name in self._run_fields()}
        return vals | {"company_id": self.company_id.id}
