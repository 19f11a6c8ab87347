from odoo import models
from odoo.tools import SQL

from .gym_renewal_run import BATCH_SIZE


class GymRenewalRun(models.Model):
    """Renewing, batch by batch; per contract all or nothing (AMB-18)."""

    _inherit = "gym.renewal.run"

    _step = "renew"
    _slice_field = "partner_id"

    # === START === #

    def _proposal_model(self):
        return self.env["gym.renewal.line"]

    def _batch_size(self):
        return BATCH_SIZE

    def _process_name(self):
        return self.env._("Renewal %s", self.name)

    def _has_done(self):
        return bool(self.renewed_count)

    # === PROCESS OWNER === #

    def _process_renew(self, process):
        lines = self._next_proposed(process)
        if not lines:
            return 0
        self._lock_contracts(lines)
        standing = lines.filtered(lambda line: not self._changed(line))
        (lines - standing)._skip()
        failures = self._renew(standing)
        for line, message in failures:
            process._add_failure(line, message)
        process._count(
            done=len(standing) - len(failures), skipped=len(lines) - len(standing)
        )
        return len(lines)

    def _lock_contracts(self, lines):
        """Two renewals of one range: the second waits, and begins its batch anew."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM gym_contract WHERE id IN %s ORDER BY id"
                " FOR NO KEY UPDATE",
                tuple(lines.contract_id.ids),
            )
        )
        lines.contract_id.invalidate_recordset()

    def _changed(self, line):
        """Tell whether the contract is no more what the estimate saw."""
        contract = line.contract_id
        return contract.date_end != line.date_end_before or self._reason(contract)

    def _renew(self, lines):
        """Bill the next terms; return (line, sentence) for those that failed."""
        by_contract = {line.contract_id: line for line in lines}
        terms = {}
        failures = self.env["gym.process"]._apply_halving(
            lines.contract_id,
            lambda part: terms.update({one: self._terms(one) for one in part}),
        )
        failures += self.env["gym.contract.billing"]._bill(
            terms,
            self.date,
            lambda part: [
                self._note_renewal(by_contract[one], terms[one]) for one in part
            ],
        )
        return [(by_contract[contract], message) for contract, message in failures]

    def _note_renewal(self, line, terms):
        renewed = self.env["gym.contract.subscription"].browse(
            term["subscription_id"] for term in terms
        )
        self._take_prices(renewed)
        periods = renewed.period_ids.filtered(
            lambda period: period.date_start == terms[0]["date_start"]
        )
        line.write(
            {
                "state": "done",
                "move_id": periods.move_id[:1].id,
                "amount": sum(term["amount"] for term in terms),
                "date_end": max(term["date_end"] for term in terms),
            }
        )

    def _take_prices(self, renewed):
        """A price changed at renewal is the subscription's from then on; others of
        the contract change when their own term is renewed."""
        if self.price_change == "keep":
            return
        for subscription in renewed:
            subscription.price_unit = self._price(subscription)

    def _process_renew_done(self, process):
        self._set_state("done")
        self._post_summary(
            self.env._(
                "Contracts renewed: %(done)s. Skipped since the estimate: %(skipped)s."
                " Failed: %(failed)s.",
                done=process.done_count,
                skipped=process.skipped_count,
                failed=process.failed_count,
            )
        )
        if self.is_automatic:
            self._report_automatic(process)

    def _process_renew_restarted(self, process):
        self._set_state("running")
