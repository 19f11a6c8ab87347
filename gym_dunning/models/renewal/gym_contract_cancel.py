from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class GymContract(models.Model):
    """Cancelling to a day: what is used until then is paid, what comes after is not.

    What lies between the paid term and the last day is billed at once, by the day, so
    that no later renewal has to think of it; terms that were billed already and begin
    after the last day are credited. Paid time within a term is not given back.
    """

    _inherit = "gym.contract"

    def _cancel(self, date, reason=None, invoice_date=None):
        """Cancel to a day: never renewed, access until then (AMB-16).

        :param invoice_date: of what is billed for it; None: today
        :raise UserError: the day is before the contract's start, or the contract has
            nothing that could be billed until then, or the invoice cannot be posted
        """
        self.check_access("write")
        for contract in self:
            contract._check_last_day(date)
            note = self.env._("Cancelled to %s.", format_date(self.env, date))
            contract._set_state("cancelled", " ".join(filter(None, [note, reason])))
            contract._periods_after(date)._take_back()
            # sudo: the dialog decides, people do not write it
            contract.sudo().date_cancel = date
        self._bill_until(date, invoice_date or fields.Date.context_today(self))

    def _check_last_day(self, date):
        names = {
            "contract": self.name,
            "start": format_date(self.env, self.date_start),
            "end": format_date(self.env, self.date_end) if self.date_end else "",
        }
        if date < self.date_start:
            raise UserError(
                self.env._(
                    "Contract %(contract)s starts on %(start)s and cannot be "
                    "cancelled to an earlier day.",
                    **names,
                )
            )
        ends = self.subscription_ids.filtered("date_end").mapped("date_end")
        if ends and date > max(ends) and not self._subscriptions_until(date):
            raise UserError(
                self.env._(
                    "Nothing in contract %(contract)s can be renewed, so it ends on "
                    "%(end)s. Choose that day or an earlier one.",
                    **names,
                )
            )

    def _subscriptions_until(self, date):
        """Return what is used until `date` and billed to an earlier day."""
        return self.subscription_ids.filtered(
            lambda one: one.renewable and one.date_end and one.date_end < date
        )

    def _terms_until(self, date):
        """Return the values of the periods that a cancellation to `date` bills."""
        self.ensure_one()
        return [
            vals | {"is_for_cancellation": True}
            for subscription in self._subscriptions_until(date)
            for vals in subscription._terms_until(date)
        ]

    def _bill_until(self, date, invoice_date):
        terms = {contract: contract._terms_until(date) for contract in self}
        failures = self.env["gym.contract.billing"]._bill(
            {contract: vals for contract, vals in terms.items() if vals}, invoice_date
        )
        if failures:
            raise UserError(
                "\n".join(f"{one.display_name}: {text}" for one, text in failures)
            )

    def _periods_after(self, date):
        """Return the billed periods that begin after a day, of invoices that are for
        nothing earlier."""
        later = self.period_ids.filtered(lambda one: one.date_start > date)
        billed = later.filtered("move_id")
        return billed.filtered(
            lambda one: one.move_id not in (self.period_ids - later).move_id
        )

    def _forget_cancellation(self, was_running):
        """Be as before the cancellation; what was used until the last day stays paid
        where that day is over.

        :param was_running: the last day is still to come
        """
        billed = self.period_ids.filtered("is_for_cancellation")
        # sudo: the buttons decide, people do not write it
        self.sudo().date_cancel = False
        if was_running:
            billed._take_back()
        else:
            billed.sudo().is_for_cancellation = False

    # === SAID BEFORE === #

    def _cancel_effect(self, date):
        """Return what cancelling to `date` bills, without tax, and sentences about it."""
        self.ensure_one()
        taken_back = self._periods_after(date)
        terms = [
            vals
            for subscription in self._subscriptions_until(date)
            for vals in subscription._terms_until(date)
        ]
        amount = sum(vals["amount"] for vals in terms)
        return amount, [
            *self._say_billed(terms, amount),
            *self._say_credited(taken_back),
            *self._say_paid_beyond(date, taken_back),
        ]

    def _say_billed(self, terms, amount):
        if terms:
            yield self.env._(
                "%(contract)s: %(start)s to %(end)s is not paid yet and is invoiced now,"
                " by the day: %(amount)s without tax.",
                contract=self.display_name,
                start=format_date(self.env, min(one["date_start"] for one in terms)),
                end=format_date(self.env, max(one["date_end"] for one in terms)),
                amount=self.currency_id.format(amount),
            )

    def _say_credited(self, periods):
        if periods:
            yield self.env._(
                "%(contract)s: %(invoices)s is for the time after the last day and is"
                " credited.",
                contract=self.display_name,
                invoices=", ".join(periods.move_id.mapped("display_name")),
            )

    def _say_paid_beyond(self, date, taken_back):
        kept = self.period_ids - taken_back
        beyond = max(kept.mapped("date_end"), default=date)
        if beyond > date:
            yield self.env._(
                "%(contract)s: billed until %(end)s. What lies after the last day is not"
                " credited; credit the invoice by hand if that was agreed.",
                contract=self.display_name,
                end=format_date(self.env, beyond),
            )
