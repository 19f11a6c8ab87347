from odoo import api, fields, models
from odoo.exceptions import UserError


class GymCollectionCaseItem(models.Model):
    """A debt of a case: the item as it was taken; the books say what is left of it."""

    _name = "gym.collection.case.item"
    _description = "Debt of a Case"
    _order = "date_maturity, id"
    _rec_name = "move_id"

    case_id = fields.Many2one(
        "gym.collection.case",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_maturity = fields.Date(
        related="move_line_id.date_maturity", string="Due Date", store=True
    )
    partner_id = fields.Many2one(related="case_id.partner_id")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount = fields.Monetary(
        string="Debt",
        readonly=True,
        help="What was open when it was added to the case.",
    )
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        help="What the books show of it now.",
    )
    amount_promised = fields.Monetary(
        string="Promised", copy=False, help="Its share of the agreed amount."
    )
    status = fields.Selection(
        [
            ("open", "Open"),
            ("partial", "Partly Paid"),
            ("paid", "Paid"),
            ("unposted", "Not Posted"),
        ],
        compute="_compute_amount_open",
        help="Not posted: the document was reset to draft or cancelled and does not "
        "count until it is posted again.",
    )

    _once = models.UniqueIndex(
        "(case_id, move_line_id)", "This item is already in the case."
    )
    amount_before = fields.Monetary(
        string="Open when Promised",
        readonly=True,
        copy=False,
        help="What was open when the running promise was recorded; the difference has "
        "been received since.",
    )

    @api.depends(
        "amount",
        "move_line_id.amount_residual_currency",
        "move_line_id.parent_state",
        "move_line_id.reconciled",
    )
    def _compute_amount_open(self):
        for item in self:
            # sudo: managers of cases see the debt, not the entries
            line = item.sudo().move_line_id
            posted = line.parent_state == "posted"
            item.amount_open = line.amount_residual_currency if posted else 0.0
            item.status = item._status(posted)

    def _status(self, posted):
        if not posted:
            return "unposted"
        if self.currency_id.is_zero(self.amount_open):
            return "paid"
        less = self.currency_id.compare_amounts(self.amount_open, self.amount) < 0
        return "partial" if less else "open"

    def unlink(self):
        # EXTENDS base: an item that leaves its case is free again
        self._check_unpromised()
        promised = self.filtered("amount_promised").case_id
        if not self.env.context.get("case_deleted"):  # which releases all it holds
            self._leave_case()
        result = super().unlink()
        self._spread_without(promised)  # a deleted invoice does not ask
        return result

    def _leave_case(self):
        if not self.env.su:
            self.case_id._check_open()
        self._log_removal()
        for case, items in self.grouped("case_id").items():
            case._release(items)

    def _log_removal(self):
        for case, items in self.grouped("case_id").items():
            case.message_post(
                body=self.env._(
                    "Removed from the case: %s.",
                    ", ".join(items.move_id.mapped("display_name")),
                )
            )

    def action_open_document(self):
        """Open the document behind the debt."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # === SHARE === #
    # The share of a debt in the running promise, which people may correct (G-67).

    def write(self, vals):
        # EXTENDS base: an item is what was taken; only its share is for people
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"amount_promised"}:
            raise UserError(
                self.env._(
                    "A debt of case %s cannot be changed: remove it and add another.",
                    self.case_id[:1].name,
                )
            )
        result = super().write(vals)
        if not self.env.context.get("case_checks_shares"):
            self.case_id._check_shares()
        return result

    def _check_unpromised(self):
        """What was promised for a debt cannot go with it unsaid."""
        promised = self.filtered("amount_promised")
        if promised and not self.env.su:
            raise UserError(
                self.env._(
                    "%(document)s has a share in the running promise of case "
                    "%(case)s. Set that share to 0 or replace the promise, then take "
                    "the item out.",
                    document=promised[0].move_id.display_name,
                    case=promised[0].case_id.name,
                )
            )

    def _spread_without(self, cases):
        """The debts that stay take over what they can of what was promised."""
        for promise in cases._running_promises():
            cases.browse(promise.res_id)._spread_promise(promise)


class GymCollectionCase(models.Model):
    """The shares of all debts together make the agreed amount, to the cent."""

    _inherit = "gym.collection.case"

    def write(self, vals):
        # EXTENDS gym_collection_case: several shares are changed in one go, and make
        # the sum together
        if not self._changes_shares(vals):
            return super().write(vals)
        result = super(
            GymCollectionCase, self.with_context(case_checks_shares=True)
        ).write(vals)
        self._check_shares()
        return result

    def _changes_shares(self, vals):
        return any(
            command[0] == fields.Command.UPDATE and "amount_promised" in command[2]
            for command in vals.get("item_ids") or ()
        )

    def _check_shares(self):
        """Refuse shares that are not possible or do not make the agreed amount.

        :raise UserError: it names the difference
        """
        promises = {one.res_id: one for one in self._running_promises()}
        for case in self:
            promise = promises.get(case.id)
            problem = (
                case._share_problem() or case._sum_problem(promise)
                if promise
                else self.env._(
                    "No promise is running in case %s. Record one, then it can be "
                    "shared out.",
                    case.name,
                )
            )
            if problem:
                raise UserError(problem)

    def _share_problem(self):
        compare = self.currency_id.compare_amounts
        for item in self.item_ids:
            share = item.amount_promised
            if compare(share, 0.0) < 0 or compare(share, item.amount_before) > 0:
                return self.env._(
                    "The share of %(document)s must be between 0 and %(open)s, the "
                    "amount that was open when it was promised.",
                    document=item.move_id.display_name,
                    open=self._money(item.amount_before),
                )
        return None

    def _sum_problem(self, promise):
        """Say how far the shares are off; what is not on the debts is on the other
        amount, as far as that goes."""
        rest = self._other_share(promise)
        over = self.currency_id.compare_amounts(rest, 0.0) < 0
        off = rest if over else rest - self._other_room(promise)
        if not over and self.currency_id.compare_amounts(off, 0.0) <= 0:
            return None
        figures = {
            "case": self.name,
            "agreed": self._money(promise.agreed_amount),
            "off": self._money(abs(off)),
        }
        if over:
            return self.env._(
                "The shares of case %(case)s are %(off)s more than the agreed "
                "%(agreed)s. Deduct that amount from one of them.",
                **figures,
            )
        return self.env._(
            "The shares of case %(case)s are %(off)s less than the agreed %(agreed)s. "
            "Add that amount to one of them.",
            **figures,
        )

    def _other_share(self, promise):
        """Return the part of the agreed amount that is on no debt."""
        on_items = sum(self.item_ids.mapped("amount_promised"))
        return self.currency_id.round(promise.agreed_amount - on_items)

    def _other_room(self, promise):
        """Return how much of the other amount could be promised."""
        return max(0.0, self.other_amount - promise.other_before)
