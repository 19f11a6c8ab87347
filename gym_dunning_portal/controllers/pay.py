from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from .page import OPTIONS, GymPageController, ids_in


class GymPayController(GymPageController):
    """Paying on the member's page, by the providers of the creditor."""

    @http.route("/gym/<string:token>/pay", methods=["GET"], **OPTIONS)
    def pay(self, token, **__):
        """Show what is paid, and by what; `item` in the address chooses."""
        visit = self._visit(token, known=True)
        chosen = request.httprequest.args.getlist("item")
        return self._show_pay(visit, ids_in(chosen) if chosen else None)

    def _show_pay(self, visit, ids=None, **values):
        page = self._page(visit)
        offer = page._pay_offer(visit, ids)
        means = page._pay_means(visit, offer)
        is_possible = bool(offer.amount) and bool(means.methods or means.tokens)
        values |= {
            "offer": offer,
            "is_possible": is_possible,
            "transfer": page._transfer(visit, offer.debts or page._items(visit)),
        }
        if is_possible:
            values |= page._pay_form(visit, offer, means)
        return self._render(visit, "gym_dunning_portal.pay", values)

    @http.route(
        "/gym/<string:token>/pay/transaction/<string:items>",
        type="jsonrpc",
        auth="public",
    )
    def pay_transaction(self, token, items, access_token=None, **choice):
        """Begin a payment of chosen items; what the browser says of amounts is not
        heard.

        :return: what the payment form goes on with
        """
        visit = self._visit(token, known=True)
        page = self._page(visit)
        ids = ids_in(items.split("-"))
        transaction = page._pay_begin(visit, ids, access_token, choice)
        transaction.landing_route = page._pay_landing(visit, transaction)
        PaymentPostProcessing.monitor_transaction(transaction)
        return self._go_on(transaction)

    def _go_on(self, transaction):
        """Let the provider begin; one that is down is a sentence and no traceback."""
        if transaction.operation == "online_token":
            transaction._charge_with_token()
        else:
            transaction._log_sent_message()
        try:
            return transaction._get_processing_values()
        except (UserError, ValidationError):
            transaction._set_error(
                transaction.env._(
                    "The payment provider does not answer. Please try again later, or"
                    " transfer the amount."
                )
            )
            return {
                "state": transaction.state,
                "state_message": transaction.state_message,
            }

    @http.route("/gym/<string:token>/pay/done", methods=["GET"], **OPTIONS)
    def pay_done(self, token, tx="", seal="", **__):
        """Say what became of a payment, and what is open still."""
        visit = self._visit(token)
        page = self._page(visit)
        number = next(iter(ids_in([tx])), 0)
        transaction = page._pay_of(visit, number, seal)
        if not transaction:
            return request.redirect(visit.url)
        values = {
            "transaction": transaction,
            "rest": transaction._gym_rest(),
            "offer": page._pay_offer(visit),
        }
        return self._render(visit, "gym_dunning_portal.pay_done", values)
