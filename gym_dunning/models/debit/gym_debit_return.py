from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

STATES = [
    ("unmatched", "Unmatched"),
    ("failed", "Failed"),
    ("booked", "Booked"),
    ("ignored", "Ignored"),
]
# Somebody has to do something.
TO_WORK = ("unmatched", "failed")
# Debits that the bank has got.
RETURNABLE = ("exported", "paid")


class GymDebitReturn(models.Model):
    """One direct debit that came back: told by a bank's file, or by hand."""

    _name = "gym.debit.return"
    _description = "Returned Debit"
    _inherit = ["gym.bank.entry"]
    _order = "booking_date desc, id desc"
    _rec_name = "end_to_end_id"

    _to_work = TO_WORK
    _waiting_state = "unmatched"

    file_id = fields.Many2one(
        "gym.debit.return.file",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: entered by hand.",
    )
    creditor_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
        help="The centre of the debit; the creditor as long as none is found.",
    )
    state = fields.Selection(
        STATES, default="unmatched", required=True, readonly=True, index=True
    )
    match_reason = fields.Char(
        help="How the direct debit was found where the bank gives no number."
    )
    ignore_reason = fields.Char(readonly=True)

    # what the bank says
    end_to_end_id = fields.Char(help="The number of the direct debit.")
    rejected_file = fields.Char(
        readonly=True, help="The file to the bank that was rejected as a whole."
    )
    mandate_reference = fields.Char(readonly=True)
    reference = fields.Char(help="Of the Swiss schemes.")
    bank_text = fields.Char(string="Text of the Bank", readonly=True)
    readings = fields.Json(
        readonly=True,
        help="Pairs of amount and charges that the bank may mean, the most likely "
        "first.",
    )
    charges = fields.Monetary(
        string="Charges of the Bank",
        currency_field="charges_currency_id",
        readonly=True,
    )
    charges_currency_id = fields.Many2one("res.currency", readonly=True)
    charge_move_id = fields.Many2one(related="order_id.charge_move_id")
    code = fields.Char(readonly=True, help="The reason, as the bank sent it.")
    return_code_id = fields.Many2one(
        "gym.debit.return.code",
        string="Return Reason",
        compute="_compute_return_code_id",
        store=True,
        index=True,
    )
    info = fields.Char(string="Note of the Bank", readonly=True)
    booking_date = fields.Date(string="Returned on")

    # what it is about
    order_id = fields.Many2one(
        "gym.debit.order",
        string="Direct Debit",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        string="Member",
        store=True,
        index="btree_not_null",
    )

    _key_uniq = models.UniqueIndex(
        "(creditor_id, key)", "This return is known already."
    )

    @api.depends("order_id", "creditor_id")
    def _compute_company_id(self):
        for one in self:
            one.company_id = one.order_id.company_id or one.creditor_id

    @api.depends("code")
    def _compute_return_code_id(self):
        codes = self._known_codes()
        # the bank's own text stays in `code`
        other = self.env.ref("gym_dunning.debit_return_other")
        for one in self:
            one.return_code_id = codes.get(one.code, other)

    def _known_codes(self):
        """Return the reasons by the code that a bank sends."""
        codes = self.env["gym.debit.return.code"].search([])
        return {code.name: code for code in codes}

    @api.depends("end_to_end_id", "rejected_file", "debtor_name")
    def _compute_display_name(self):
        for one in self:
            named = one.end_to_end_id or one.rejected_file or one.debtor_name
            one.display_name = named or self.env._("Unnamed Return")

    # === ACTIONS === #

    def action_book(self):
        """Try again to match and book, after somebody mended the cause."""
        self._check_clerk()
        # sudo: people work returns, they do not write them
        rows = self.filtered(lambda one: one.state in TO_WORK).sudo()
        rows._compute_return_code_id()  # somebody may have added the reason
        rows._work()

    def action_match(self):
        """Open the dialog that chooses the direct debit by hand."""
        self.ensure_one()
        return self._open_dialog(
            "gym.debit.return.match", self.env._("Match"), default_return_id=self.id
        )

    def action_ignore(self):
        """Open the dialog that puts returns aside for a reason."""
        return self._open_dialog(
            "gym.debit.return.ignore",
            self.env._("Ignore"),
            default_return_ids=[Command.set(self.ids)],
        )

    def action_restore(self):
        """Take back that returns were put aside."""
        self._check_clerk()
        # sudo: see `action_book`
        for one in self.filtered(lambda one: one.state == "ignored").sudo():
            state = "failed" if one.order_id else "unmatched"
            one.write({"state": state, "ignore_reason": False})

    def action_open_order(self):
        """Open the direct debit that came back."""
        self.ensure_one()
        return self.order_id._get_records_action(name=self.order_id.name)

    def _open_dialog(self, model, name, **context):
        self._check_clerk()
        self._check_to_work()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _check_clerk(self):
        self.check_access("read")
        self.env["gym.debit.order"]._check_clerk()

    def _check_to_work(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self:
            if one.state not in TO_WORK:
                raise UserError(
                    self.env._(
                        "The return %(name)s is in state '%(state)s', so nothing is "
                        "left to do. Choose unmatched or failed ones.",
                        name=one.display_name,
                        state=labels[one.state],
                    )
                )

    def _ignore(self, reason):
        """Put returns aside; `action_restore` takes it back."""
        self._check_clerk()
        self._check_to_work()
        # sudo: see `action_book`
        self.sudo().write({"state": "ignored", "ignore_reason": reason})

    # === HAND === #
    # Returns that somebody enters from paper or from the bank's web page.

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

    # === BOOK === #
    # Booking what came back; one that fails stops no other.

    def _work(self):
        """Match and book; what cannot be booked says why in its `message`."""
        self._match()
        self.filtered(lambda one: not one.message)._book()

    def _note_failure(self, sentence):
        # EXTENDS base
        self.state = "failed"
        return super()._note_failure(sentence)

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
        one._book_each()

    def _book_each(self):
        # OVERRIDE gym.bank.entry
        for (company, date), rows in self.grouped(
            lambda one: (one.order_id.company_id, one._return_date())
        ).items():
            # sudo: see `_book_one`
            orders = rows.order_id.sudo().with_company(company)
            orders._check_returnable()
            orders._take_payments_back(date)
            orders._book_charges(date, rows._charges_by_order(date))
        for one in self:
            one._book_one()
        # sudo: whoever brings the bank's answer need not read the books
        self.order_id.sudo().line_ids.move_line_id._gym_follow_bank("returned")

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

    def _charges_by_order(self, date):
        return {one.order_id: one._charges_of(one.order_id, date) for one in self}

    def _charges_of(self, order, date):
        currency = self.charges_currency_id or order.currency_id
        return currency._convert(
            self.charges, order.currency_id, self.creditor_id, date
        )
