from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GymCollectionCase(models.Model):
    """The customer of a case: whether he takes part, by branch, and all his cases."""

    _inherit = "gym.collection.case"

    collection_participation = fields.Selection(
        related="partner_id.commercial_partner_id.collection_participation",
        string="Customer Takes Part",
    )
    is_manager_gone = fields.Boolean(compute="_compute_is_manager_gone")

    @api.depends("debt_manager_id.active")
    def _compute_is_manager_gone(self):
        for case in self:
            manager = case.debt_manager_id
            case.is_manager_gone = manager and not manager.active

    @api.constrains("partner_id")
    def _check_participation(self):
        for case in self:
            if case.collection_participation == "no":
                raise ValidationError(
                    self.env._(
                        "%s takes no part in collections, so there is no case. If that"
                        " changed, set it on the customer first, or in the list of"
                        " members by Actions, Set Collections.",
                        case.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "branch_partner_id")
    def _check_branch(self):
        for case in self.filtered("branch_partner_id"):
            customer, branch = case.partner_id, case.branch_partner_id
            if branch == customer or branch not in customer._addresses():
                raise ValidationError(
                    self.env._(
                        "%(branch)s is no branch of %(customer)s. Choose one of the"
                        " addresses of the customer, or none.",
                        branch=branch.display_name,
                        customer=customer.display_name,
                    )
                )

    def action_open_case(self):
        """Open the case with all that it has (G-78a)."""
        self.ensure_one()
        return self._get_records_action(name=self.name)

    def action_open_customers(self):
        """Open the collection cases of the customers of these cases (G-79, G-80a)."""
        return self.partner_id._collection_cases_action()
