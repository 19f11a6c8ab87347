from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain


class GymDunningRun(models.Model):
    """Reminding by direct debit: a new order beside the letter (E-35, AMB-07)."""

    _inherit = "gym.dunning.run"

    include_direct_debit = fields.Boolean(
        string="Remind LSV+/Direct Debits",
        readonly=True,
        help="Items that were never collected, or returned by the bank for want of"
        " funds, are debited again; the letter says so. Off: they wait for their"
        " debit, and what was returned is reminded by letter.",
    )

    debit_count = fields.Integer(compute="_compute_debit_count", string="Direct Debits")

    @api.model
    def _filter_names(self):
        # EXTENDS dunning
        return [*super()._filter_names(), "include_direct_debit"]

    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {"include_direct_debit"}

    @api.depends("reminder_ids.debit_order_ids")
    def _compute_debit_count(self):
        rows = self.env["gym.debit.order"]._read_group(
            [("reminder_id.run_id", "in", self.ids)], ["reminder_id"], ["__count"]
        )
        counts = Counter()
        for reminder, count in rows:
            counts[reminder.run_id.id] += count
        for run in self:
            run.debit_count = counts[run.id]

    def action_open_debits(self):
        """List the direct debits that the run's letters announce."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_order_action"
        )
        return dict(action, domain=self._debits_domain(), context={})

    def _debits_domain(self):
        return [("reminder_id.run_id", "=", self.id)]

    def _before_fees(self, reminders):
        # EXTENDS dunning: the orders that these letters announce
        failures = super()._before_fees(reminders)
        return failures + self._make_debits(reminders)

    def _make_debits(self, reminders):
        if not self.include_direct_debit:
            return []
        planned = reminders._planned_debits()
        with_debit = reminders.filtered(lambda one: one in planned)

        def make(part):
            debits = [(letter, debit) for letter in part for debit in planned[letter]]
            orders = self.env["gym.debit.plan"]._make(debit for __, debit in debits)
            for (letter, __), order in zip(debits, orders, strict=True):
                order.sudo().reminder_id = letter  # a person does not edit debits
            self.env.flush_all()

        return self.env["gym.process"]._apply_halving(with_debit, make)

    def _fees_failed(self, reminders):
        # EXTENDS dunning: a letter that fails announces nothing; one that failed
        # before has the cancelled debit of that time, too
        result = super()._fees_failed(reminders)
        self._drafts(reminders)._set_state("cancelled")
        return result

    def _after_fees(self, reminders):
        # EXTENDS dunning
        result = super()._after_fees(reminders)
        reminders._add_fees_to_debits()
        # sudo: people do not edit debits
        self.env["gym.debit.order"].sudo()._mark_claims(self, reminders)
        return result

    # === CHARGES === #

    def _company_warnings(self, combinations):
        # EXTENDS dunning: what a letter does not claim although the bank took it
        yield from super()._company_warnings(combinations)
        orders = self.env["gym.debit.order"]
        for company, currency in orders._claim_rules(self):
            if orders._is_claim_without_rate(company, currency):
                yield self._warn_companies(
                    company,
                    orders._carries_charge_sql(currency),
                    self.env._(
                        "bank charge not claimed: no exchange rate for its limit"
                    ),
                )

    def _drafts(self, reminders):
        return reminders.debit_order_ids.filtered(lambda order: order.state == "draft")

    def _cancel_reminders(self, reminders):
        # EXTENDS dunning: what the bank has not got is not collected any more
        self._drafts(reminders)._set_state("cancelled")
        return super()._cancel_reminders(reminders)

    # === BATCH === #
    # The debits of a run are ready for the bank when the run is over.

    def _announced_drafts(self):
        """Return the debits that the run's letters announce and no bank has yet; asked
        for by themselves, as most runs of thousands of letters have none."""
        # sudo: as `_put_into_batches`
        return (
            self.env["gym.debit.order"]
            .sudo()
            .search(
                Domain("reminder_id.run_id", "=", self.id)
                & Domain("state", "=", "draft")
            )
        )

    def _process_generate_done(self, process):
        # EXTENDS dunning
        result = super()._process_generate_done(process)
        self._announced_drafts()._put_into_batches()
        return result

    def _process_cancelled(self, process):
        # EXTENDS dunning: letters that are issued announce their debits
        result = super()._process_cancelled(process)
        if process.step == "generate":
            self._announced_drafts()._put_into_batches()
        return result
