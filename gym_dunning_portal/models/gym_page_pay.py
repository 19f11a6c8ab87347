from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import consteq, hmac

from odoo.addons.payment.controllers.portal import PaymentPortal

from .payment_transaction import UNDER_WAY

# More payments than this are not begun of one debtor in an hour.
BEGUN_AN_HOUR = 30
# So long a link still says that what it was for is paid.
DAY_AFTER = timedelta(days=1)
FLOWS = ("redirect", "direct", "token")


class Offer(NamedTuple):
    """What of a page may be paid now, and what was chosen of it."""

    payable: object  # gym.open.item: debts that may be paid
    refused: dict  # sentence of why not, by item
    chosen: object  # gym.open.item: those to pay now, credits that are taken off, too
    amount: float
    currency: object

    @property
    def debts(self):
        """Return the chosen items without the credits."""
        return self.chosen & self.payable

    @property
    def key(self):
        """Return the chosen items as they stand in an address."""
        return "-".join(str(id) for id in sorted(self.debts.ids))


class Means(NamedTuple):
    """By what it may be paid."""

    providers: object
    methods: object
    tokens: object


class GymPage(models.AbstractModel):
    """Paying on the page: what, by what, and what became of it."""

    _inherit = "gym.page"

    # === WHAT === #

    @api.model
    def _pay_offer(self, visit, ids=None, items=None):
        """Return what may be paid now.

        :param ids: of the items that were chosen; None: all that is due. Credits are
            taken off where nothing that is due is left out.
        :param items: what is open, where it is known already
        """
        items = self._items(visit) if items is None else items
        debts = items.filtered(lambda item: item.amount_residual > 0)
        refused = self._pay_refused(visit, debts)
        payable = debts.filtered(lambda item: item not in refused)
        due = (
            payable.filtered(lambda item: item.date_maturity <= self._day()) or payable
        )
        chosen = due if ids is None else payable.filtered(lambda item: item.id in ids)
        currency = chosen[:1].currency_id or visit.company.currency_id
        chosen = chosen.filtered(lambda item: item.currency_id == currency)
        if due.filtered(lambda item: item.currency_id == currency) <= chosen:
            chosen |= self._pay_credits(items - debts, chosen)
        amount = self.env["payment.transaction"]._gym_amount(chosen)
        return Offer(payable, refused, chosen, amount, currency)

    @api.model
    def _pay_credits(self, credits_, debts):
        """Return the credits of those whose debts these are, in their currency."""
        return credits_.filtered(
            lambda item: (
                item.currency_id == debts.currency_id
                and item.partner_id in debts.partner_id
                and item.hold_reason != "agency"
            )
        )

    @api.model
    def _pay_refused(self, visit, debts):
        """Return the sentence of each debt that cannot be paid on the page now."""
        refused = debts._why_not_online()
        for item in debts:
            if not self._may(visit, "pay", item):
                refused[item] = self.env._(
                    "%s cannot be paid here: please transfer it.", item.move_id.name
                )
        return refused

    @api.model
    def _pay_notes(self, offer):
        """Return sentences about what cannot be paid here, and about what paying takes
        out of a direct debit."""
        return [*offer.refused.values(), *offer.debts._what_of_debits()]

    # === BY WHAT === #

    @api.model
    def _pay_means(self, visit, offer):
        """Return the providers of the creditor or a company above it, their payment
        methods, and what the visitor has saved with them."""
        # sudo: a visitor reads no providers; what may be shown of them is shown
        providers = (
            self.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                visit.company.id,
                visit.viewer.id,
                offer.amount,
                currency_id=offer.currency.id,
            )
        )
        methods = (
            self.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers.ids, visit.viewer.id, currency_id=offer.currency.id
            )
        )
        saved = self.env["payment.token"].sudo()
        if visit.is_known:
            saved = saved._get_available_tokens(providers.ids, visit.viewer.id)
        return Means(providers, methods, saved)

    @api.model
    def _pay_form(self, visit, offer, means):
        """Return what Odoo's payment form is given."""
        return {
            "reference_prefix": "",
            "amount": offer.amount,
            "currency": offer.currency,
            "partner_id": visit.viewer.id,
            "providers_sudo": means.providers,
            "payment_methods_sudo": means.methods,
            "tokens_sudo": means.tokens,
            "transaction_route": f"{visit.url}/pay/transaction/{offer.key}",
            "landing_route": f"{visit.url}/pay/done",
            "access_token": self._pay_signature(visit, offer),
            "show_tokenize_input_mapping": (
                PaymentPortal._compute_show_tokenize_input_mapping(means.providers)
            ),
        }

    @api.model
    def _pay_signature(self, visit, offer):
        """Return what says that the visitor has seen this amount."""
        amount = offer.currency.round(offer.amount)
        return self._pay_signed(
            "amount", visit.viewer.id, offer.key, f"{amount:.6f}", offer.currency.id
        )

    @api.model
    def _pay_signed(self, *values):
        """Return the signature of values that an address or a form carries."""
        return hmac(self.env(su=True), "gym_page_pay", values)

    # === BEGINNING === #

    @api.model
    def _pay_begin(self, visit, ids, seen, choice):
        """Begin a payment, or go on with the same one that another tab has begun.

        :param ids: of the items that were chosen
        :param seen: see `_pay_signature`
        :param choice: dict of what the browser says: `flow`, `provider_id`,
            `payment_method_id`, `token_id`, `tokenization_requested`
        :return: the `payment.transaction`
        :raise UserError: it cannot be paid so; a sentence for the visitor
        """
        # sudo: the visit says what may be paid, everything else is computed here
        transactions = self.env["payment.transaction"].sudo()
        shown = self._items(visit).filtered(lambda item: item.id in ids)
        transactions._gym_lock(shown.move_line_id)
        offer = self._pay_offer(visit, ids)
        self._pay_check(visit, offer, ids, seen)
        vals = self._pay_vals(visit, offer, choice)
        lines = offer.chosen.move_line_id
        if vals["operation"] == "online_direct" and (
            begun := transactions._gym_begun(lines, vals | {"amount": offer.amount})
        ):
            return begun
        self._pay_check_often(offer)
        items = {
            "gym_item_ids": [Command.set(lines.ids)],
            "gym_purpose": visit.purpose,
        }
        # sudo: a provider that was offered; a visitor reads none
        code = self.env["payment.provider"].sudo().browse(vals["provider_id"]).code
        reference = transactions._compute_reference(code, **items)
        return transactions.create(vals | items | {"reference": reference})

    @api.model
    def _pay_check(self, visit, offer, ids, seen):
        """Refuse what is not as the visitor has seen it.

        :raise UserError: with the sentence for the visitor
        """
        left = set(ids) - set(offer.debts.ids)
        for item, sentence in offer.refused.items():
            if item.id in left:
                raise UserError(sentence)
        is_seen = consteq(seen or "", self._pay_signature(visit, offer))
        if left or not offer.debts or not is_seen:
            raise UserError(
                self.env._(
                    "Something has changed since you opened this page, or is paid"
                    " already. Open it again, please."
                )
            )

    @api.model
    def _pay_check_often(self, offer):
        since = fields.Datetime.now() - timedelta(hours=1)
        # sudo: see `_pay_begin`
        begun = self.env["payment.transaction"].sudo()
        count = begun.search_count(
            Domain("gym_debtor_id", "in", offer.debts.partner_id.ids)
            & Domain("create_date", ">=", since)
        )
        if count >= BEGUN_AN_HOUR:
            raise UserError(
                self.env._(
                    "Too many tries. Please try again in an hour, or transfer it."
                )
            )

    @api.model
    def _pay_vals(self, visit, offer, choice):
        """Return the values of a payment from what the browser chose of what was offered.

        :raise UserError: it was not offered
        """
        means = self._pay_means(visit, offer)
        flow = choice.get("flow")
        token = means.tokens.filtered(lambda one: one.id == choice.get("token_id"))
        method = means.methods.filtered(
            lambda one: one.id == choice.get("payment_method_id")
        )
        provider = token.provider_id or means.providers.filtered(
            lambda one: (
                one.id == choice.get("provider_id") and one in method.provider_ids
            )
        )
        if flow not in FLOWS or not provider or (flow == "token") != bool(token):
            raise UserError(
                self.env._("This way to pay is not available now. Choose another one.")
            )
        wanted = choice.get("tokenization_requested")
        may_save = provider.allow_tokenization and method.support_tokenization
        return {
            "provider_id": provider.id,
            "payment_method_id": (token.payment_method_id or method).id,
            "token_id": token.id,
            "partner_id": visit.viewer.id,
            "operation": f"online_{flow}",
            "tokenize": bool(
                may_save and (wanted or provider._is_tokenization_required())
            ),
        }

    # === WHAT BECAME OF IT === #

    @api.model
    def _is_in_force(self, claims, visit):
        # EXTENDS page: who has just paid the last thing is told so
        if super()._is_in_force(claims, visit):
            return True
        is_withdrawn = claims.counter != visit.viewer.gym_link_counter % 2**16
        return not is_withdrawn and self._pay_is_fresh(visit)

    @api.model
    def _pay_is_fresh(self, visit):
        """Tell whether the visitor has paid to this creditor lately."""
        since = fields.Datetime.now() - DAY_AFTER
        # sudo: see `_pay_of`
        transactions = self.env["payment.transaction"].sudo()
        return bool(
            transactions.search_count(
                Domain("partner_id", "=", visit.viewer.id)
                & Domain("gym_company_id", "=", visit.company.id)
                & Domain("state", "in", UNDER_WAY)
                & Domain("last_state_change", ">=", since),
                limit=1,
            )
        )

    @api.model
    def _pay_landing(self, visit, transaction):
        """Return the address of the page that says what became of a payment."""
        signature = self._pay_seal(visit, transaction.id)
        return f"{visit.url}/pay/done?tx={transaction.id}&seal={signature}"

    @api.model
    def _pay_seal(self, visit, id):
        return self._pay_signed("done", visit.viewer.id, id)

    @api.model
    def _pay_of(self, visit, id, seal):
        """Return the payment that an address names; empty if it is not this visitor's."""
        # sudo: the seal says that it is his
        transactions = self.env["payment.transaction"].sudo()
        is_his = id and consteq(seal or "", self._pay_seal(visit, id))
        return transactions.browse(id).exists() if is_his else transactions
