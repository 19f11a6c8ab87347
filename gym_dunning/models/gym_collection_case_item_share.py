from odoo import fields, models
from odoo.exceptions import UserError


class GymCollectionCaseItem(models.Model):
    """The share of a debt in the running promise, which people may correct (G-67)."""

    _inherit = "gym.collection.case.item"

    amount_before = fields.Monetary(
        string="Open when Promised",
        readonly=True,
        copy=False,
        help="Open when the running promise was recorded; what came in since is the"
        " difference.",
    )

    def write(self, vals):
        # EXTENDS base: an item is what was taken; only its share is for people
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"amount_promised"}:
            raise UserError(
                self.env._(
                    "A debt of case %s is not changed: take it out, and add another.",
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
                    "%(document)s has a share in the running promise of case %(case)s:"
                    " set it to nothing, or replace the promise, then take it out.",
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
        # EXTENDS: several shares are changed in one go, and make the sum together
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
                    "No promise runs in case %s: record one, its shares follow.",
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
                    "The share of %(document)s must lie between nothing and %(open)s,"
                    " what was open of it when it was promised.",
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
                "The shares of case %(case)s are %(off)s more than the agreed"
                " %(agreed)s. Take that off one of them.",
                **figures,
            )
        return self.env._(
            "The shares of case %(case)s are %(off)s less than the agreed %(agreed)s."
            " Add that to one of them.",
            **figures,
        )

    def _other_share(self, promise):
        """Return the part of the agreed amount that is on no debt."""
        on_items = sum(self.item_ids.mapped("amount_promised"))
        return self.currency_id.round(promise.agreed_amount - on_items)

    def _other_room(self, promise):
        """Return how much of the other amount could be promised."""
        return max(0.0, self.other_amount - promise.other_before)
