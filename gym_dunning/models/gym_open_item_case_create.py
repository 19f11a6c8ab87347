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
        return (
            ("partner_id", self.partner_id.id),
            ("branch_partner_id", self._customer_branch().id),
            ("company_id", self.company_id.id),
            ("currency_id", self.currency_id.id),
        )

    def _customer_branch(self):
        """Return the branch that was invoiced, else the one that was delivered to;
        none where the customer is worked as a whole."""
        customer = self.partner_id
        if customer.collection_participation != "branch":
            return customer.browse()
        addresses = self.move_id.partner_id + self.move_id.partner_shipping_id
        return addresses.filtered(
            lambda address: (
                address != customer and address.commercial_partner_id == customer
            )
        )[:1]
