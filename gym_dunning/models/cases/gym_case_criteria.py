from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class GymCaseCriteria(models.AbstractModel):
    """What a mass creation is asked: of which items, whose, and to do what."""

    _name = "gym.case.criteria"
    _description = "Criteria of a Mass Creation of Cases"

    # open items
    branch_id = fields.Many2one(
        "res.company",
        string="Only Branch",
        help="Empty: the company and its branches that are ticked.",
    )
    due_from = fields.Date(string="Due from", help="Items due on this day count.")
    due_to = fields.Date(string="Due to", help="Items due on this day count.")
    customer_manager_id = fields.Many2one(
        "res.users",
        string="Debt Manager of the Customer",
        domain=[("collection_team_ids", "!=", False), ("share", "=", False)],
        help="Only customers whose overdue debts this person manages.",
    )

    # customers
    number_from = fields.Char(string="Member Number from")
    number_to = fields.Char(string="Member Number to")
    name_from = fields.Char(help="Names from this one on, alphabetically.")
    name_to = fields.Char(help="Names up to this one, alphabetically.")
    category_ids = fields.Many2many(
        "res.partner.category", string="Tags", help="Customers with one of these tags."
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Only These Customers", help="Empty: all customers."
    )

    # what is done
    date = fields.Date(
        string="Start of the Cases", required=True, default=fields.Date.context_today
    )
    debt_manager_id = fields.Many2one(
        "res.users",
        string="Assign to",
        domain=[("collection_team_ids", "!=", False), ("share", "=", False)],
        help="Who works on the cases; empty: each customer's debt manager.",
    )
    create_new = fields.Boolean(
        string="Create New Cases",
        default=True,
        help="For items that are in no case yet. Off: no case is added.",
    )
    per_branch = fields.Boolean(
        string="One Case per Branch of the Customer",
        default=True,
        help="For customers who take part per branch. Off: one case for all branches.",
    )
    update_not_started = fields.Boolean(
        string="Update Cases Not Started",
        help="Resets their items to what is open now, and their start date and debt "
        "manager to the values above. Cases with notes or activities keep their "
        "code, the others get a new one.",
    )
    complete_collected = fields.Boolean(
        string="Complete Collected Cases",
        help="Cases whose items are all paid are completed.",
    )

    @api.model
    def _criteria_fields(self):
        """Return the names of what the wizard asks and the run keeps."""
        return [
            *("branch_id", "due_from", "due_to", "customer_manager_id"),
            *("number_from", "number_to", "name_from", "name_to"),
            *("category_ids", "partner_ids"),
            *("date", "debt_manager_id", "create_new", "per_branch"),
            *("update_not_started", "complete_collected"),
        ]

    def _criteria_vals(self):
        """Return the criteria as values for another record that has them."""
        return self._convert_to_write(
            {name: self[name] for name in self._criteria_fields()}
        )

    def _check_items_criteria(self):
        """
        :raise UserError: the range of due dates is reversed
        """
        if self.due_from and self.due_to and self.due_from > self.due_to:
            raise UserError(
                self.env._(
                    "The range of due dates is reversed: %(start)s is after %(end)s.",
                    start=format_date(self.env, self.due_from),
                    end=format_date(self.env, self.due_to),
                )
            )

    def _check_update_criteria(self):
        """
        :raise UserError: nothing is to be done, or the debt manager is none
        """
        manager = self.debt_manager_id
        if manager and not (manager.active and manager.collection_team_ids):
            raise UserError(
                self.env._(
                    "%s is not in a collection team, or no longer works here. Assign "
                    "the cases to a member of a team.",
                    manager.name,
                )
            )
        if not (self.create_new or self.update_not_started or self.complete_collected):
            raise UserError(
                self.env._(
                    "There is nothing to do: tick whether cases are to be created, "
                    "updated or completed."
                )
            )
        # sudo: a centre's manager does not see the holding, whose setting counts
        if self.create_new and self.company_id.sudo().root_id.case_code_typed:
            raise UserError(
                self.env._(
                    "The codes of cases are typed in %s, so many cases cannot be"
                    " created at once. Switch to automatic numbering in the settings,"
                    " or untick Create New Cases.",
                    self.company_id.name,
                )
            )
