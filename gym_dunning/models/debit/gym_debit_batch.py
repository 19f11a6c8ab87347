from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...exceptions import NothingToDo
from .gym_debit_mandate import SCHEMES
from .gym_debit_order import IN_FLIGHT

STATES = [
    ("draft", "Draft"),
    ("exported", "Exported"),
    ("done", "Answered"),
    ("cancelled", "Cancelled"),
]
# Debits paid and committed together: their entries are posted, so a batch stays
# far from the worker's time limit.
BATCH_SIZE = 50
# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 50


class GymDebitBatch(models.Model):
    """Direct debits that go to the bank in one file, to be collected on one day.

    The state follows from the orders: they alone know what the bank answered.
    """

    _name = "gym.debit.batch"
    _description = "Batch of Direct Debits"
    _inherit = ["mail.thread", "gym.process.owner"]
    _order = "execution_date desc, id desc"
    # people act on batches and do not edit them, but they may comment on them
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        readonly=True,
        index=True,
        help="The holding, whose account it is.",
    )
    scheme = fields.Selection(SCHEMES, required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    execution_date = fields.Date(
        string="Day of Execution", required=True, readonly=True, tracking=True
    )
    order_ids = fields.One2many(
        "gym.debit.order", "batch_id", string="Direct Debits", readonly=True
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, index=True, tracking=True
    )
    order_count = fields.Integer(
        string="Debits", compute="_compute_totals", compute_sudo=True
    )
    amount = fields.Monetary(
        string="Total", compute="_compute_totals", compute_sudo=True
    )
    amount_paid = fields.Monetary(
        string="Paid", compute="_compute_totals", compute_sudo=True
    )
    amount_returned = fields.Monetary(
        string="Returned", compute="_compute_totals", compute_sudo=True
    )
    paid_date = fields.Date(
        string="Paid on",
        readonly=True,
        copy=False,
        help="The day that the bank credited the batch.",
    )

    _name_uniq = models.UniqueIndex("(name)", "Each batch has a number of its own.")

    @api.depends("order_ids.state")
    def _compute_state(self):
        groups = self.env["gym.debit.order"]._read_group(
            Domain("batch_id", "in", self.ids) & Domain("state", "!=", "cancelled"),
            ["batch_id"],
            ["state:array_agg"],
        )
        states = dict(groups)
        for batch in self:
            batch.state = self._state_of(set(states.get(batch, ())))

    def _state_of(self, states):
        """Return what the states of its orders say of a batch."""
        if not states:
            return "cancelled"
        if "draft" in states:
            return "draft"
        return "exported" if "exported" in states else "done"

    @api.depends("order_ids.amount", "order_ids.state")
    def _compute_totals(self):
        """Of all centres, whichever the reader sees: they are in the file."""
        groups = self.env["gym.debit.order"]._read_group(
            Domain("batch_id", "in", self.ids) & Domain("state", "!=", "cancelled"),
            ["batch_id", "state"],
            ["__count", "amount:sum"],
        )
        totals = {}
        for batch, state, count, amount in groups:
            totals.setdefault(batch, {})[state] = (count, amount)
        for batch in self:
            mine = totals.get(batch, {})
            batch.order_count = sum(count for count, __ in mine.values())
            batch.amount = sum(amount for __, amount in mine.values())
            batch.amount_paid = mine.get("paid", (0, 0.0))[1]
            batch.amount_returned = mine.get("returned", (0, 0.0))[1]

    # === ACTIONS === #

    def action_cancel(self):
        """Give all debits of the batch up; the bank has not got them."""
        batch = self._for_clerk("draft")
        batch._open_orders()._set_state("cancelled")

    def action_open_orders(self):
        """List the debits of the batch."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_order_action"
        )
        return dict(action, domain=[("batch_id", "=", self.id)], context={})

    # === RIGHTS AND STATES === #

    def _for_clerk(self, *states):
        """Return the batch as a clerk may work on it, with all centres' debits.

        :param states: those in which the work is possible
        :raise AccessError: the batch is another creditor's
        :raise UserError: no clerk, or the state does not fit
        """
        self.ensure_one()
        self.check_access("read")
        self.env["gym.debit.order"]._check_clerk()
        self._wait_for_lock()
        self._check_state(*states)
        # sudo: people act on batches and do not edit them; the file has the debits
        # of all centres, also of those that are not ticked
        return self.sudo()

    def _check_state(self, *states):
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The batch %(name)s is in state '%(state)s'; this needs"
                    " '%(needed)s'.",
                    name=self.name,
                    state=labels[self.state],
                    needed=", ".join(labels[state] for state in states),
                )
            )

    def _today(self):
        return self.env["gym.debit.plan"]._today()

    def _open_orders(self):
        """Return the debits that the file has, in the order of the file."""
        # searched: `order_ids` may remember what somebody with fewer centres saw
        return self.env["gym.debit.order"].search(
            Domain("batch_id", "=", self.id) & Domain("state", "in", IN_FLIGHT),
            order="id",
        )

    def _touch(self):
        """Let no export that is under way miss what joins the batch now.

        A changed row restarts whoever waits for it; one that is only locked lets him
        go on with what he saw before.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = now() AT TIME ZONE 'UTC' WHERE id IN %s",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )

    # === PROCESS OWNER === #

    def _process_companies(self):
        # EXTENDS gym.process.owner: the debits are the centres'
        centres = self.env["res.company"].search(
            [("id", "child_of", self.company_id.id)]
        )
        return self.company_id | centres

    # === DATE === #
    # Another day for a batch that is not sent yet.

    def action_move_date(self):
        """Open the dialog that moves the batch to another day."""
        batch = self._for_clerk("draft")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move %s", batch.name),
            "res_model": "gym.debit.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": batch.id},
        }

    # === PAID === #
    # The bank has credited the batch: a payment for each debit.

    def action_paid(self):
        """Open the dialog that books the bank's credit."""
        batch = self._for_clerk("exported")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Paid"),
            "res_model": "gym.debit.paid",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": batch.id},
        }

    def _start_paid(self, date):
        """Book all debits of the batch as paid; many of them in the background.

        :param date: the day of the bank's credit
        :return: a message for whoever was second, else nothing
        """
        batch = self._for_clerk("exported")
        batch._check_not_started("undo_paid")
        running = batch.process_ids.filtered(
            lambda p: p.state in ("pending", "running")
        )
        if running:
            return self._message_action(
                self.env._(
                    "%s has already been started and is being processed.",
                    running[:1].name,
                )
            )
        batch.paid_date = date
        total = len(batch._next_exported([], None))
        name = self.env._("Paid direct debits %s", batch.name)
        process = self.env["gym.process"]._start(batch, name, "paid", total)
        if total <= AT_ONCE:
            process._work_now()
        return None

    def _next_exported(self, failed, limit=BATCH_SIZE, of_slice=Domain.TRUE):
        return self.env["gym.debit.order"].search(
            self._exported_domain() & of_slice & Domain("id", "not in", failed),
            order="id",
            limit=limit,
        )

    def _exported_domain(self):
        return Domain("batch_id", "=", self.id) & Domain("state", "=", "exported")

    # === PROCESS OWNER === #

    def _process_slices(self, process):
        # EXTENDS gym.process.owner
        if process.step != "paid":
            return super()._process_slices(process)
        orders = self.env["gym.debit.order"]
        return process.slice_ids._keys(
            orders, self._exported_domain(), "partner_id", BATCH_SIZE
        )

    def _process_paid(self, process):
        orders = self._next_exported(
            process._open_failures().mapped("res_id"),
            of_slice=process._slice_domain("partner_id"),
        )
        failures = process._apply_halving(
            orders, lambda part: part._set_paid(self.paid_date)
        )
        for order, message in failures:
            process._add_failure(order, message)
        process._count(done=len(orders) - len(failures))
        return len(orders)

    def _process_paid_done(self, process):
        self._post_summary(
            self.env._(
                "Booked as paid: %(done)s. Failed: %(failed)s.",
                done=process.done_count,
                failed=process.failed_count,
            )
        )

    def _process_paid_restarted(self, process):
        """Debits that failed are tried again."""

    # === NOT PAID AFTER ALL === #
    # The payments are cancelled, the batch waits for the bank's answer again.

    def action_undo_paid(self):
        """Take Paid back; many debits in the background. What the bank returned since
        stays returned.

        :raise UserError: nothing of the batch is paid, or a job of it is at work
        """
        batch = self._for_clerk("exported", "done")
        batch._check_not_started("paid")
        batch._check_not_started("undo_paid")
        total = len(batch._next_paid([], None))
        if not total:
            raise NothingToDo(
                self.env._(
                    "%s has no debit that is paid: what the bank returned stays"
                    " returned.",
                    batch.name,
                )
            )
        name = self.env._("Paid taken back %s", batch.name)
        process = self.env["gym.process"]._start(batch, name, "undo_paid", total)
        if total <= AT_ONCE:
            process._work_now()

    def _next_paid(self, failed, limit=BATCH_SIZE):
        return self.env["gym.debit.order"].search(
            Domain("batch_id", "=", self.id)
            & Domain("state", "=", "paid")
            & Domain("id", "not in", failed),
            order="id",
            limit=limit,
        )

    def _process_undo_paid(self, process):
        orders = self._next_paid(process._open_failures().mapped("res_id"))
        failures = process._apply_halving(orders, lambda part: part._undo_paid())
        for order, message in failures:
            process._add_failure(order, message)
        process._count(done=len(orders) - len(failures))
        return len(orders)

    def _process_undo_paid_done(self, process):
        if not self._next_paid([], 1):
            self.paid_date = False
        self._post_summary(
            self.env._(
                "Paid taken back: %(done)s. They stay paid: %(failed)s.",
                done=process.done_count,
                failed=process.failed_count,
            )
        )

    def _process_undo_paid_restarted(self, process):
        """Debits that failed are tried again."""
