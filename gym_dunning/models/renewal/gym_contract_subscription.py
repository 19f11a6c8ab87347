from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import term_end


class GymContractSubscription(models.Model):
    """What a contract contains: an article, its price per term, its term."""

    _name = "gym.contract.subscription"
    _description = "Subscription"
    _inherit = ["gym.guarded"]
    _order = "contract_id, sequence, id"
    _rec_name = "product_id"

    contract_id = fields.Many2one(
        "gym.contract", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    product_id = fields.Many2one(
        "product.product", string="Article", required=True, ondelete="restrict"
    )
    quantity = fields.Float(default=1.0, required=True)
    price_unit = fields.Monetary(
        string="Price per Term",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    term_months = fields.Integer(
        string="Term (Months)",
        compute="_compute_term_months",
        store=True,
        readonly=False,
        precompute=True,
    )
    renewable = fields.Boolean(
        compute="_compute_renewable",
        store=True,
        readonly=False,
        precompute=True,
        help="Renewed with the contract; as the article says, unless this contract "
        "differs.",
    )
    renewal_mode = fields.Selection(
        [("term", "Same term"), ("open", "Month by month")],
        string="Renewed",
        compute="_compute_renewal_mode",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Some countries only allow open-ended tacit renewal of consumer "
        "contracts: one month is added each time until somebody cancels.",
    )
    date_start = fields.Date(
        string="Start",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        copy=False,
    )
    date_end = fields.Date(
        string="End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="Last day of the current term.",
    )
    period_ids = fields.One2many("gym.contract.period", "subscription_id")
    is_invoiced = fields.Boolean(compute="_compute_is_invoiced")

    # === COMPUTES === #

    # One method each: a method for all would, while one is computed, write over the
    # others that the caller gave, and the end be computed from what he did not say.

    @api.depends("product_id")
    def _compute_price_unit(self):
        for subscription in self:
            subscription.price_unit = subscription.product_id.lst_price

    @api.depends("product_id")
    def _compute_term_months(self):
        for subscription in self:
            subscription.term_months = subscription.product_id.gym_term_months or 12

    @api.depends("product_id")
    def _compute_renewable(self):
        for subscription in self:
            subscription.renewable = subscription.product_id.gym_renewable

    @api.depends("product_id")
    def _compute_renewal_mode(self):
        for subscription in self:
            mode = subscription.product_id.gym_renewal_mode
            subscription.renewal_mode = mode or "term"

    @api.depends("contract_id.date_start")
    def _compute_date_start(self):
        for subscription in self:
            if not subscription.period_ids:  # the past stays as it was
                subscription.date_start = subscription.contract_id.date_start

    @api.depends("date_start", "term_months")
    def _compute_date_end(self):
        for subscription in self:
            if subscription.period_ids or not subscription.date_start:
                continue
            months = max(subscription.term_months, 1)
            subscription.date_end = term_end(subscription.date_start, months)

    @api.depends("period_ids")
    def _compute_is_invoiced(self):
        for subscription in self:
            subscription.is_invoiced = bool(subscription.period_ids)

    # === CONSTRAINTS === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded: its history belongs to the contract
        return super()._guarded_fields() | {"contract_id"}

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("Add a subscription to the other contract instead.")

    @api.constrains("term_months", "price_unit", "quantity", "date_start", "date_end")
    def _check_values(self):
        for subscription in self:
            if error := subscription._error():
                raise ValidationError(
                    self.env._(
                        "%(product)s in contract %(contract)s: %(error)s",
                        product=subscription.product_id.display_name,
                        contract=subscription.contract_id.display_name,
                        error=error,
                    )
                )

    def _error(self):
        if self.term_months < 1:
            return self.env._("the term is at least one month.")
        if self.price_unit < 0 or self.quantity < 0:
            return self.env._("price and quantity cannot be negative.")
        if self.date_end and self.date_end < self.date_start:
            return self.env._("the end lies before the start.")
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        for subscription in self:
            if subscription.period_ids:
                raise UserError(
                    self.env._(
                        "%(product)s of contract %(contract)s has been invoiced, and "
                        "its history is kept. Untick 'Renewable' instead of deleting "
                        "it.",
                        product=subscription.product_id.display_name,
                        contract=subscription.contract_id.name,
                    )
                )

    def _article_names(self):
        return ", ".join(one.product_id.display_name or "" for one in self)

    # === TERMS === #

    def _next_term(self):
        """Return first and last day of the term after the current one."""
        self.ensure_one()
        start = fields.Date.add(self.date_end, days=1)
        return start, term_end(start, self._next_months())

    def _runs_without_end(self):
        """Tell whether the first term is over and months are added since."""
        self.ensure_one()
        first_end = term_end(self.date_start, self.term_months)
        return self.renewal_mode == "open" and self.date_end > first_end

    def _next_months(self):
        return 1 if self.renewal_mode == "open" else self.term_months

    def _unit_price(self, price=None, months=None):
        """Return the price of `months`, of a price per term."""
        self.ensure_one()
        price = self.price_unit if price is None else price
        months = months or self.term_months
        return self.currency_id.round(price * months / self.term_months)

    def _amount(self, price=None, months=None):
        """Return what `months` cost, without tax, in the contract's currency."""
        return self.currency_id.round(self.quantity * self._unit_price(price, months))

    def _prepare_period_vals(self, date_start, date_end, price=None, months=None):
        """Return a period's values; its price is that of the period itself."""
        return {
            "subscription_id": self.id,
            "date_start": date_start,
            "date_end": date_end,
            "price_unit": self._unit_price(price, months),
            "amount": self._amount(price, months),
            "price_before": self.price_unit,
        }

    def _terms_until(self, date):
        """Return the values of the periods from what is billed to `date`; the term in
        which it lies is charged by the day."""
        self.ensure_one()
        terms, end, months = [], self.date_end, self._next_months()
        while end < date:
            start = fields.Date.add(end, days=1)
            end = term_end(start, months)
            if end <= date:
                terms.append(self._prepare_period_vals(start, end, months=months))
            else:
                terms.append(self._prepare_part_vals(start, date, end))
        return terms

    def _prepare_part_vals(self, start, last, end):
        """Return the values of a period that ends on `last`, of a term until `end`."""
        share = ((last - start).days + 1) / ((end - start).days + 1)
        price = self.currency_id.round(
            self._unit_price(months=self._next_months()) * share
        )
        return {
            "subscription_id": self.id,
            "date_start": start,
            "date_end": last,
            "price_unit": price,
            "amount": self.currency_id.round(self.quantity * price),
            "price_before": self.price_unit,
        }

    def _prepare_next_period_vals(self, price=None):
        start, end = self._next_term()
        return self._prepare_period_vals(start, end, price, self._next_months())

    def _forget(self, periods):
        """Be as before these periods were billed."""
        self.ensure_one()
        last = periods.sorted("date_start")[-1]
        first = periods.sorted("date_start")[0]
        kept = self.period_ids - periods
        if kept:
            self.date_end = max(kept.mapped("date_end"))
        months = self._next_months()
        is_price_kept = not self.currency_id.compare_amounts(
            last.price_unit, self._unit_price(months=months)
        )
        if first.price_before and is_price_kept:
            self.price_unit = first.price_before
