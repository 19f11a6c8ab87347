from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...exceptions import NothingToDo
from ...reports.debit import debit_file
from ...tools import creditor_reference
from .reasons import OF_DEBIT


class GymDebitOrder(models.Model):
    """A debit on its way to the bank: its batch, what the bank would refuse, and what it
    is told."""

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
    refusal = fields.Text(
        string="Why Not",
        compute="_compute_refusal",
        compute_sudo=True,
        help="Why the debit cannot be exported; empty: it can.",
    )
    bank_reference = fields.Char(
        compute="_compute_bank_reference",
        store=True,
        index="btree_not_null",
        help="The creditor reference (ISO 11649). Swiss banks return no other "
        "identification.",
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
            raise NothingToDo(
                self.env._(
                    "Nothing to put into batches: choose drafts that are not in a "
                    "batch yet."
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
                        "The direct debit %(name)s of %(member)s is no longer a "
                        "draft: its batch and day cannot be changed.",
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
            group.execution_date = creditor._gym_bank_working_day(date, scheme)
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

    # === CHECK === #
    # Why a draft cannot go to the bank.

    @api.depends(
        "batch_id", "state", "mandate_id.state", "mandate_id.partner_bank_id.active"
    )
    @api.depends_context("dunning_date", "lang")
    def _compute_refusal(self):
        for batch, orders in self.grouped("batch_id").items():
            # these only: a page of a large batch does not read the whole file
            drafts = orders.filtered(lambda one: one.state == "draft").sorted("id")
            refused = batch._refusals(drafts)[1] if batch.state == "draft" else {}
            for order in orders:
                order.refusal = "\n".join(refused.get(order, []))

    def _own_reasons(self):
        """Return what we know against exporting the debit, before any writer asks.

        :return: list of `Reason`
        """
        self.ensure_one()
        mandate = self.mandate_id
        codes = []
        if mandate.state != "active":
            codes.append("mandate_not_active")
        # Odoo archives the accounts that somebody deletes
        if not mandate.partner_bank_id.active:
            codes.append("mandate_without_account")
        if mandate.lapse_date and mandate.lapse_date <= self.execution_date:
            codes.append("mandate_lapsed")
        return [debit_file.Reason(code, self.name) for code in codes]

    def _can_be_promised(self):
        """Tell whether a letter may say that the bank collects it."""
        self.ensure_one()
        if self.state == "draft":
            return not self._own_reasons()
        return self.state in ("exported", "paid")

    def _sentence(self, reason):
        """Say a reason in words."""
        known = {
            "member": self.partner_id.display_name,
            "order": self.name,
            "mandate": self.mandate_id.name,
        }
        return self.env._(OF_DEBIT[reason.code]) % (reason.params | known)

    # === FILE === #
    # What the bank is told of a debit.

    @api.depends("name")
    def _compute_bank_reference(self):
        for order in self:
            order.bank_reference = creditor_reference(order.name or "")

    def _to_debits(self):
        """Return the debits as the writers want them, in the order of the orders."""
        amendments = self._amendments()
        used = set()
        debits = []
        for order in self:
            mandate = order.mandate_id
            is_first = not mandate.last_use_date and mandate not in used
            used.add(mandate)
            # a file tells a change once
            amendment = amendments.pop(mandate, None)
            sequence = "FRST" if is_first else "RCUR"
            debits.append(order._to_debit(sequence, amendment))
        return tuple(debits)

    def _to_debit(self, sequence, amendment=None):
        mandate = self.mandate_id
        return debit_file.Debit(
            end_to_end_id=self.name,
            # from the digits shown: a binary fraction would be no amount of cents
            amount=Decimal(str(self.currency_id.round(self.amount))),
            currency=self.currency_id.name,
            debtor=mandate._to_party(),
            text=self._file_text(),
            mandate_reference=mandate.name or "",
            mandate_date=mandate.signature_date or None,
            sequence=sequence,
            reference=self.bank_reference,
            amendment=amendment,
        )

    def _file_text(self):
        """Return what the member reads on the statement."""
        documents = dict.fromkeys(self.line_ids.mapped("move_id.name"))
        return ", ".join([self.company_id.name, *filter(None, documents)])
