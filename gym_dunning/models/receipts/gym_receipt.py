from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("matched", "Matched"),
    ("proposed", "Proposed"),
    ("unmatched", "Unmatched"),
    ("booked", "Booked"),
    ("ignored", "Ignored"),
]
# Somebody has to do something.
TO_WORK = ("proposed", "unmatched")
# What may be booked, and what may be put aside.
OPEN = ("matched", "proposed", "unmatched")
# From where to where a receipt may go; booking and taking back are their own.
MOVES = {
    "matched": {"matched", "proposed", "unmatched", "booked", "ignored"},
    "proposed": {"matched", "proposed", "unmatched", "booked", "ignored"},
    "unmatched": {"matched", "proposed", "unmatched", "booked", "ignored"},
    "booked": {"proposed"},
    "ignored": {"proposed", "unmatched"},
}


class GymReceipt(models.Model):
    """Money that came in on one of our accounts, as a bank's file tells it.

    `matched` says whose it is for certain, `proposed` what a person may think,
    `unmatched` nothing; `booked` has its payments.
    """

    _name = "gym.receipt"
    _description = "Bank Receipt"
    _inherit = ["gym.bank.entry"]
    _order = "booking_date desc, id desc"

    _to_work = TO_WORK
    _waiting_state = "matched"

    file_id = fields.Many2one(
        "gym.receipt.file",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    journal_id = fields.Many2one(
        "account.journal", string="Bank", required=True, readonly=True, index=True
    )
    booking_key = fields.Char(
        readonly=True, help="What the bank's booking is known by that it is part of."
    )
    is_part = fields.Boolean(readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,  # else Odoo computes it even where it is given
        required=True,
        index=True,
        help="The centre of the items; the account's as long as none is found.",
    )
    state = fields.Selection(
        STATES, default="unmatched", required=True, readonly=True, index=True
    )
    message = fields.Text(string="Why Not Booked", help="What a person has to look at.")
    note = fields.Char(readonly=True, help="Why it was put aside, or what it is.")

    # what the bank says
    value_date = fields.Date(readonly=True)
    text = fields.Char(string="Text of the Payer", readonly=True)
    is_taken_back = fields.Boolean(
        string="Taken Back by the Bank",
        readonly=True,
        help="The bank took away again what it had credited.",
    )

    # what it is
    partner_id = fields.Many2one(
        "res.partner", string="Member", readonly=True, index="btree_not_null"
    )
    line_ids = fields.One2many("gym.receipt.line", "receipt_id", readonly=True)
    amount_rest = fields.Monetary(
        string="To Credit",
        compute="_compute_amount_rest",
        help="What pays no item stays as the member's credit.",
    )
    payment_ids = fields.One2many(
        "account.payment", "gym_receipt_id", string="Payments", readonly=True
    )
    payment_id = fields.Many2one("account.payment", compute="_compute_payment_id")
    payment_count = fields.Integer(compute="_compute_payment_id")
    is_undone = fields.Boolean(
        compute="_compute_payment_id",
        help="It was booked, and nothing of that stands in the books any more.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Of what is no member's payment.",
    )
    reversed_id = fields.Many2one(
        "gym.receipt",
        string="Receipt Taken Back",
        readonly=True,
        index="btree_not_null",
        help="The receipt that the bank takes back by this entry.",
    )
    taken_back_ids = fields.One2many("gym.receipt", "reversed_id", readonly=True)
    learned_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account Learned",
        readonly=True,
        ondelete="set null",
        help="The account was noted at the contact when the receipt was assigned.",
    )

    _key_uniq = models.UniqueIndex(
        "(journal_id, key)", "This receipt is known already."
    )

    @api.depends("line_ids.move_line_id.company_id", "journal_id")
    def _compute_company_id(self):
        for receipt in self:
            receipt.company_id = self._centre_of(
                receipt.line_ids.move_line_id, receipt.journal_id
            )

    @api.model
    def _centre_of(self, lines, journal):
        """Return the centre of journal items; the account's where they have several."""
        centres = lines.company_id
        return centres if len(centres) == 1 else journal.company_id

    @api.depends("line_ids.amount", "amount")
    def _compute_amount_rest(self):
        for receipt in self:
            paid = sum(receipt.line_ids.mapped("amount"))
            receipt.amount_rest = (
                receipt.currency_id or self.env.company.currency_id
            ).round(receipt.amount - paid)

    @api.depends(
        "state",
        "payment_ids.state",
        "payment_ids.move_id.reversal_move_ids.state",
        "move_id.state",
        "move_id.reversal_move_ids.state",
        "taken_back_ids.state",
    )
    def _compute_payment_id(self):
        for receipt in self:
            receipt.payment_id = receipt._standing_payments()[:1]
            receipt.payment_count = len(receipt.payment_ids)
            receipt.is_undone = (
                receipt.state == "booked"
                and not receipt.reversed_id
                and not receipt._taken_back_by()
                and not receipt._standing_moves()
            )

    @api.depends("debtor_name", "amount", "currency_id", "booking_date")
    def _compute_display_name(self):
        for receipt in self:
            name = receipt.debtor_name or receipt.text or self.env._("Bank Receipt")
            amount = (
                receipt.currency_id.format(receipt.amount)
                if (receipt.currency_id)
                else f"{receipt.amount}"
            )
            receipt.display_name = f"{name}, {amount}"

    # === STATE === #

    def _set_state(self, state, **vals):
        """Write the state: the one gate, with whatever is known of why."""
        for receipt in self:
            if state not in MOVES[receipt.state]:
                raise UserError(receipt._state_error())
        self.write({"state": state, **vals})

    def _state_error(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "The receipt %(name)s is in state '%(state)s'; this cannot be done with it."
            " Read the list again.",
            name=self.display_name,
            state=labels[self.state],
        )

    @api.model
    def _check_clerk(self):
        if not self.env.user.has_group("gym_dunning.group_dunning_user"):
            raise UserError(
                self.env._("Only a reminder clerk may import and book receipts.")
            )

    def _check_open(self):
        self.check_access("read")
        self._check_clerk()
        for receipt in self:
            if receipt.state not in OPEN:
                raise UserError(receipt._state_error())

    def _taken_back_by(self):
        """Return the entry by which the bank took the money away again."""
        # sudo, searched: whoever asks, and whatever of it another user's rules hid
        return self.sudo().search(
            Domain("reversed_id", "in", self.ids) & Domain("state", "=", "booked")
        )

    def _moves(self):
        """Return all entries it was ever booked by, those of other centres, too."""
        # sudo, searched: see `_taken_back_by`
        payments = self.env["account.payment"].sudo()
        found = payments.search([("gym_receipt_id", "in", self.ids)])
        return found.move_id | self.sudo().move_id

    def _standing_payments(self):
        """Return the payments that were booked and not taken back."""
        return self.payment_ids.filtered(lambda payment: payment._gym_is_standing())

    def _standing_moves(self):
        """Return the entries that stand in the books."""
        return self._moves().filtered(lambda move: move._gym_is_standing())

    # === ACTIONS === #

    def action_book(self):
        """Book receipts that are matched or proposed, as the list shows them.

        :raise UserError: one of them names no member
        """
        self._check_open()
        for receipt in self:
            if not receipt.partner_id and not receipt.reversed_id:
                raise UserError(
                    self.env._(
                        "Nobody is named by the receipt %s. Assign it to a member"
                        " first, or put it aside.",
                        receipt.display_name,
                    )
                )
        # sudo: people work receipts, they do not write them
        rows = self.sudo()
        rows.write({"message": False})
        rows._book()

    def action_assign(self, partner=None):
        """Book the receipt for a member, or open the dialog that asks for whom.

        :param partner: a `res.partner` or its id; his open items are paid, the oldest
            first, the rest stays as his credit
        """
        self.ensure_one()
        self._check_open()
        if partner:
            person = self.env["res.partner"].browse(
                partner if isinstance(partner, int) else partner.id
            )
            return self._assign(person)
        return self._open_dialog("gym.receipt.assign", self.env._("Assign"))

    def action_ignore(self):
        """Open the dialog that puts receipts aside, or books them to an account."""
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not a Member's"),
            "res_model": "gym.receipt.ignore",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_receipt_ids": [(6, 0, self.ids)]},
        }

    def action_restore(self):
        """Take up again what was put aside."""
        self.check_access("read")
        self._check_clerk()
        # sudo: see `action_book`
        self.filtered(lambda receipt: receipt.state == "ignored").sudo()._restore()

    def _restore(self):
        for receipt in self:
            state = "proposed" if receipt.partner_id else "unmatched"
            receipt._set_state(state, note=False)

    def action_match(self):
        """Match again, after somebody corrected numbers or issued documents."""
        self._check_open()
        # sudo: see `action_book`
        self.sudo()._match_again()

    def action_open_payments(self):
        """Open the payments, or the entry, that the receipt was booked by."""
        self.ensure_one()
        if self.move_id:
            return self.move_id.get_formview_action()
        return self.payment_ids._get_records_action(name=self.env._("Payments"))

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        return self.partner_id._get_records_action(name=self.partner_id.display_name)

    def _open_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_receipt_id": self.id},
        }

    def _next_to_work(self):
        """Return the next receipt in the list that waits for a person."""
        return self.search(
            Domain("state", "in", TO_WORK) & Domain("id", "not in", self.ids), limit=1
        )
