from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

# One that fails makes its part be tried again in halves.
PART = 50


class GymDebitReturn(models.Model):
    """Booking what came back; one that fails stops no other."""

    _inherit = "gym.debit.return"

    def _work(self):
        """Match and book; what cannot be booked says why in its `message`."""
        self._match()
        self.filtered(lambda one: not one.message)._book()

    def _book(self):
        """Book what is matched."""
        for ids in split_every(PART, self.ids):
            part = self.browse(ids)
            failures = self.env["gym.process"]._apply_halving(
                part, lambda rows: rows._book_each()
            )
            for one, sentence in failures:
                one.write({"state": "failed", "message": sentence})

    def _book_as(self, order):
        """Book as the return of the order that a person chose.

        :raise UserError: it cannot be booked
        """
        self.ensure_one()
        self._check_clerk()
        self._check_to_work()
        one = self.sudo()  # people work returns, they do not write them
        one.order_id = order
        one._match()
        if one.message:
            raise UserError(one.message)
        one._book_one()

    def _book_each(self):
        for (company, date), rows in self.grouped(
            lambda one: (one.order_id.company_id, one._return_date())
        ).items():
            # sudo: see `_book_one`
            orders = rows.order_id.sudo().with_company(company)
            orders._check_returnable()
            orders._take_payments_back(date)
        for one in self:
            one._book_one()

    def _book_one(self):
        # sudo: the bank decided; whoever brings its answer may not post otherwise
        order = self.order_id.sudo().with_company(self.order_id.company_id)
        date = self._return_date()
        order._set_returned(
            self.return_code_id,
            date,
            note=self._note(),
            charges=self._charges_of(order, date),
        )
        self.write({"state": "booked", "message": False, "booking_date": date})

    def _return_date(self):
        """A rejection has no booking: the day of the file counts."""
        sent = self.file_id.date
        return self.booking_date or (
            sent.date() if sent else fields.Date.context_today(self)
        )

    def _note(self):
        """Return the bank's note, with the code where we do not know it."""
        unknown = self.code != self.return_code_id.name and self.code
        return " ".join(filter(None, [unknown, self.info])) or False

    def _charges_of(self, order, date):
        currency = self.charges_currency_id or order.currency_id
        return currency._convert(
            self.charges, order.currency_id, self.creditor_id, date
        )
