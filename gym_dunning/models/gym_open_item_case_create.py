from odoo import models


class GymOpenItem(models.Model):
    """From open payments to collection cases (G-80b)."""

    _inherit = "gym.open.item"

    def action_open_case_customers(self):
        """Open the collection cases of the customers of these items."""
        return self.partner_id._collection_cases_action()

    def action_create_case(self):
        """Make collection cases with exactly these items, one for each customer,
        branch, centre and currency (AMB-37).

        :return: the action that shows the case, or the cases
        :raise UserError: an item is no debt or not free, or its customer takes no part; no case
            is made then
        """
        cases = self.env["gym.collection.case"]
        for owner, items in self.grouped(lambda item: item._case_values()).items():
            case = cases.create(dict(owner))
            case._add_items(items.move_line_id)
            cases += case
        return cases._get_records_action(name=self.env._("New Cases"))

    def _case_values(self):
        """Return the values of the case that this item belongs to, as pairs."""
        by_branch = self.partner_id.collection_participation == "branch"
        return (
            ("partner_id", self.partner_id.id),
            ("branch_partner_id", by_branch and self.branch_partner_id.id),
            ("company_id", self.company_id.id),
            ("currency_id", self.currency_id.id),
        )
