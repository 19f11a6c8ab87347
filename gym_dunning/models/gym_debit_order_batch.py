from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GymDebitOrder(models.Model):
    """The batch in which a debit goes to the bank."""

    _inherit = "gym.debit.order"
    # people act on debits and do not edit them, but they may comment on them
    _mail_post_access = "read"

    batch_id = fields.Many2one(
        "gym.debit.batch",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )

    # === ACTIONS === #

    def action_put_into_batches(self):
        """Put drafts into batches: by creditor, scheme, currency and day.

        :return: the action that shows the batches
        :raise UserError: all of them are in batches already, or were sent
        """
        self.check_access("read")
        self._check_clerk()
        batches = self._put_into_batches()
        if not batches:
            raise UserError(
                self.env._(
                    "Nothing to put into batches: choose drafts that stand in no batch."
                )
            )
        return self._show_batches(batches)

    def action_take_out(self):
        """Take drafts out of their batch; they wait for another one."""
        self.check_access("read")
        self._check_clerk()
        self._check_in_draft()
        # sudo: people act on debits and do not edit them
        self.sudo().batch_id = False

    def action_move(self):
        """Open the dialog that moves drafts to another day."""
        self.check_access("read")
        self._check_in_draft()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to Another Day"),
            "res_model": "gym.debit.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_open_batch(self):
        """Open the batch."""
        self.ensure_one()
        return self.batch_id._get_records_action(name=self.batch_id.name)

    def action_open_payments(self):
        """List the payments that the bank's credit was booked as."""
        self.ensure_one()
        return self.payment_ids._get_records_action(name=self.env._("Payments"))

    def action_open_reminder(self):
        """Open the letter that announces the debit."""
        self.ensure_one()
        return self.reminder_id._get_records_action(name=self.env._("Reminder"))

    def _check_in_draft(self):
        for order in self:
            if order.state != "draft":
                raise UserError(
                    self.env._(
                        "The direct debit %(name)s of %(member)s is no draft any more:"
                        " it stays in its batch and on its day.",
                        name=order.name,
                        member=order.partner_id.display_name,
                    )
                )

    # === MOVING === #

    def _move(self, date):
        """Let the bank collect drafts on another day, or the next on which it works; a
        whole batch stays one."""
        self._check_in_draft()
        orders = self.sudo()  # people act on debits and do not edit them
        for batch in orders.batch_id:
            batch._wait_for_lock()  # it may just be going to the bank
        whole = orders.batch_id.filtered(lambda one: one._open_orders() <= orders)
        parted = orders.filtered(lambda o: o.batch_id and o.batch_id not in whole)
        parted.batch_id = False
        for (creditor, scheme), group in orders.grouped(
            lambda order: (order.company_id.root_id, order.scheme)
        ).items():
            group.execution_date = creditor._bank_working_day(date, scheme)
        for batch in whole:
            batch.execution_date = batch._open_orders()[:1].execution_date
        parted._put_into_batches()

    # === MAKING BATCHES === #

    def _put_into_batches(self):
        """Put drafts without a batch into those that are not sent yet, or new ones.

        :return: the batches
        """
        # sudo: batches are the holding's, also where a centre's clerk collects
        waiting = self.sudo().filtered(
            lambda order: order.state == "draft" and not order.batch_id
        )
        batches = self.env["gym.debit.batch"]
        for key, orders in waiting.grouped(lambda order: order._batch_key()).items():
            batch = self._batch_for(*key)
            # without a message at each of thousands: the field says it
            orders.with_context(mail_notrack=True).batch_id = batch
            batches |= batch
        return batches.sudo(False)

    def _batch_key(self):
        creditor = self.company_id.root_id
        return creditor, self.scheme, self.currency_id, self.execution_date

    def _batch_for(self, creditor, scheme, currency, day):
        batches = self.env["gym.debit.batch"].sudo()  # see `_put_into_batches`
        batch = batches.search(
            Domain("company_id", "=", creditor.id)
            & Domain("scheme", "=", scheme)
            & Domain("currency_id", "=", currency.id)
            & Domain("execution_date", "=", day)
            & Domain("state", "=", "draft"),
            order="id",
            limit=1,
        )
        if batch:
            batch._touch()
            return batch
        return batches.create(
            {
                "name": self.env["ir.sequence"].next_by_code(batches._name),
                "company_id": creditor.id,
                "scheme": scheme,
                "currency_id": currency.id,
                "execution_date": day,
            }
        )

    def _show_batches(self, batches):
        """Return the action that shows batches; who may not see the holding's is
        shown the debits."""
        shown = batches._filtered_access("read") or self
        return shown._get_records_action(name=self.env._("Direct Debits"))
