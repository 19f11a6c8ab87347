from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

# A hundred and twenty pages.
MOST_ROWS = 3000


class GymReceivableAsk(models.TransientModel):
    """Of which day the ageing is wanted, and what of it is printed."""

    _name = "gym.receivable.ask"
    _description = "Ageing at a Date"

    date = fields.Date(
        string="Open at the End of",
        required=True,
        default=fields.Date.context_today,
    )

    is_by_member = fields.Boolean(
        string="Print Each Debtor",
        default=True,
        help="On paper a row for each debtor; else one for each centre.",
    )
    # of a list: only these rows are printed
    printed_ids = fields.Json(readonly=True)
    is_by_holding = fields.Boolean(readonly=True)

    def action_open(self):
        """Open the ageing of that day, for all centres that are ticked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_receivable_ageing_action"
        )
        name = self.env._("Ageing on %s", format_date(self.env, self.date))
        context = {"date": fields.Date.to_string(self.date)}
        return dict(action, name=name, display_name=name, context=context)

    # === PRINT === #

    def action_print(self):
        """Print the ageing of that day.

        :raise UserError: it has more rows than anybody reads on paper
        """
        self.ensure_one()
        rows = self.is_by_member and self._ageing()._read_group(
            self._ageing_domain(), ["company_id", "partner_id"]
        )
        if rows and len(rows) > MOST_ROWS:
            raise UserError(
                self.env._(
                    "The ageing has %(count)s debtors, and on paper there is room for"
                    " %(most)s. Take off the tick at Print Each Debtor, or choose"
                    " Ageing, then the list, and export it.",
                    count=len(rows),
                    most=MOST_ROWS,
                )
            )
        return self._print("gym_dunning.action_report_receivable_ageing")

    def _print(self, report):
        # the layout of letters, which Odoo asks for first, is not used
        return self.env.ref(report).report_action(self, config=False)

    def _ageing(self):
        """Return the ageing of that day."""
        date = fields.Date.to_string(self.date)
        return self.env["gym.receivable.ageing"].with_context(date=date)

    def _ageing_domain(self):
        """Return which of it is printed, in the centres that are ticked."""
        domain = Domain("company_id", "in", self.env.companies.ids)
        return (
            domain & Domain("id", "in", self.printed_ids)
            if self.printed_ids
            else domain
        )

    def _months(self):
        """Return the month ends as they were listed."""
        return self.env["gym.receivable.month"].with_context(
            date=fields.Date.to_string(self.date), gym_by_holding=self.is_by_holding
        )

    def _file_name(self):
        """Return what the printed file is called."""
        return self.env._("Receivables %s", self.date)
