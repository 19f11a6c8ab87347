from odoo import api, models


class GymDebitReturn(models.Model):
    """Returns that somebody enters from paper or from the bank's web page."""

    _inherit = "gym.debit.return"

    @api.model
    def _enter(self, orders, code, date, charges=0.0, note=False):
        """Book returns of these orders; all of them, or none.

        :param charges: of the bank for each, in the currency of the order
        :return: the rows
        :raise UserError: an order cannot come back
        """
        # sudo: people enter returns by this method only
        rows = self.sudo().create(
            [
                self._prepare_entered(order)
                | {
                    "code": code.name,
                    "booking_date": date,
                    "charges": charges,
                    "info": note,
                }
                for order in orders
            ]
        )
        rows._book_each()
        return rows.sudo(False)

    def _prepare_entered(self, order):
        return {
            "key": f"hand:{order.name}",
            "creditor_id": order.company_id.sudo().root_id.id,  # whose account it is
            "order_id": order.id,
            "end_to_end_id": order.name,
            "mandate_reference": order.mandate_id.name,
            "debtor_name": order.partner_id.name,
            "amount": order.amount,
            "currency_id": order.currency_id.id,
            "charges_currency_id": order.currency_id.id,
        }
