from odoo import api, fields, models
from odoo.fields import Domain

from .gym_agency_handover import BATCH_SIZE


class GymAgencyHandover(models.Model):
    """Handing over, batch by batch, and what follows: the delivery."""

    _inherit = "gym.agency.handover"

    _step = "handover"
    _working_state = "in_progress"
    _proposal_order = "number"

    # === START === #

    def _second_start(self):
        return self._show_started() if self.state != "estimated" else None

    def _proposal_model(self):
        return self.env["gym.agency.handover.line"]

    def _proposed_domain(self):
        chosen = Domain("handover_id", "=", self.id) & Domain("selected", "=", True)
        return chosen & Domain("file_state", "=", False)

    def _batch_size(self):
        return BATCH_SIZE

    def _nothing_to_generate(self):
        # EXTENDS gym.run.base
        return self.env._(
            "No member is selected in %s. Select at least one.", self.name
        )

    def _process_name(self):
        return self.env._("Hand-over %s", self.name)

    def _show_started(self):
        # the details (M-22); from the dialog there is a way back to the list
        target = "current" if self.env.context.get("handover_in_dialog") else "main"
        return self._get_records_action(name=self.name, target=target)

    # === PROCESS OWNER === #

    def _process_handover(self, process):
        lines = self._next_proposed(process)
        if not lines:
            return 0
        standing = self._recheck(lines)
        failures = process._apply_halving(standing, self._hand_over)
        for line, message in failures:
            process._add_failure(line, message)
        process._count(
            done=len(standing) - len(failures), skipped=len(lines) - len(standing)
        )
        return len(lines)

    def _recheck(self, lines):
        """Bring lines up to what is open and free now; leave out what is gone.

        :return: the lines that stand
        """
        groups = self._by_debtor(self._free_items(lines.partner_id))
        standing = lines.browse()
        for line in lines:
            items = groups.get((line.partner_id, line.company_id, line.currency_id))
            if not items:
                line._leave_out(self.env._("Paid or held since the preview."))
                continue
            line._take_items(items)
            refusal = self.agency_id._refusal(line.amount_company)
            if refusal:
                line._leave_out(refusal)
            else:
                standing |= line
        return standing

    def _hand_over(self, lines):
        """Reserve the items, mark the members; all lines or none.

        An item that was reserved elsewhere at the same moment breaks the index of
        the holds, whose message the failure takes.
        """
        lines._place_holds()
        lines._mark_members()
        lines._set_file_state("handed_over")

    def _process_handover_done(self, process):
        handed = self.line_ids.filtered("file_state")
        self._post_summary(
            self.env._(
                "Handed over: %(done)s. Skipped since the preview: %(skipped)s."
                " Failed: %(failed)s.",
                done=len(handed),
                skipped=process.skipped_count,
                failed=process.failed_count,
            )
        )
        if handed:
            self._deliver()
        else:
            self._set_state("failed", self.env._("There was nobody left to hand over."))

    def _process_handover_restarted(self, process):
        """Lines that failed, or were not reached, are tried again.

        :raise UserError: everybody was taken back, which stays so
        """
        self._check_state("in_progress", "done", "partial", "failed")
        self._reopen()

    def _process_cancelled(self, process):
        # EXTENDS gym.process.owner: who is reserved by now was told to nobody
        result = super()._process_cancelled(process)
        if process.step == "handover":
            self._set_state("failed", self._stopped_sentence())
        return result

    def _stopped_sentence(self):
        if handed := len(self.line_ids.filtered("file_state")):
            return self.env._(
                "The hand-over was stopped after %s members, and nothing was sent."
                " Press Send Again to deliver these, or take them back. Hand the others"
                " over anew.",
                handed,
            )
        return self.env._(
            "The hand-over was stopped before anybody was handed over. Create another "
            "one."
        )

    def _deliver(self):
        """Bring the claims to the agency in the way it wants them."""
        getattr(self, f"_deliver_{self.delivery}")()

    def _deliver_download(self):
        """The file is made; a person downloads it and confirms its acceptance."""
        self._make_file()

    # === READY === #
    # How much could be handed over now, on top of the hand-overs (M-03, M-04).

    @api.model
    @api.readonly
    def ready_figures(self, date=None):
        """Count who passed the last level in the centres that are ticked.

        :param date: as of this day; today if not given
        :return: a list of dicts, one per currency: `currency_id` (id), `currency`
            (name), `members` (count), `amount` (in that currency)
        """
        # read for who may read hand-overs; items obey their own rules
        self.check_access("read")
        figures = [
            {
                "currency_id": currency.id,
                "currency": currency.name,
                "members": len(items._persons()),
                "amount": sum(items.mapped("amount_residual")),
            }
            for currency, items in self._ready_items(date)
            .grouped("currency_id")
            .items()
        ]
        return sorted(figures, key=lambda one: one["currency"])

    def _ready_items(self, date=None):
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        items = self.env["gym.open.item"]
        for root, companies in self.env.companies.grouped("root_id").items():
            items |= self.env["gym.agency.list"]._items(
                companies, date, deadline_over=not root.sudo().handover_at_once
            )
        return items.with_context(dunning_date=date)
