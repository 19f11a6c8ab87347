from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

# Reminders worked and committed together. Posting a fee costs 25 ms, so a batch
# with fees stays below ten seconds, far from the worker's time limit.
BATCH_SIZE = 200
BATCH_SIZE_WITHOUT_FEES = 2000
COSTS = ("amount_fee", "amount_interest", "amount_charges")


class GymDunningRun(models.Model):
    """The generation: re-evaluate, book the fee, issue; batch by batch."""

    _inherit = "gym.dunning.run"

    _slice_field = "partner_id"

    # === START === #

    def _check_generate(self):
        # EXTENDS gym.run.base
        self.policy_id._check_configuration()
        return super()._check_generate()

    def _proposal_model(self):
        return self.env["gym.dunning.reminder"]

    def _nothing_to_generate(self):
        # EXTENDS gym.run.base
        return self.env._(
            "%s proposes no reminder. Change the filters or discard it.", self.name
        )

    def _process_name(self):
        return self.env._("Reminders %s", self.name)

    def _has_done(self):
        return bool(self.issued_count)

    # === PROCESS OWNER === #

    def _process_generate(self, process):
        reminders = self._next_proposed(process)
        if not reminders:
            return 0
        standing = self._recheck(reminders)
        names = self._number(standing)

        def issue(part):
            self._issue(part - self._book(process, part), names)

        # whatever else fails for one of them leaves nothing of it behind
        self._add_failures(process, process._apply_halving(standing, issue))
        failed = set(process._open_failures().mapped("res_id"))
        process._count(
            done=len(set(standing.ids) - failed),
            skipped=len(reminders) - len(standing),
        )
        return len(reminders)

    def _process_slices(self, process):
        # EXTENDS gym.run.base: what workers would wait for each other with
        if process.step == self._step:
            self._refresh_statistics()
            for company in self._process_companies():
                company.sudo()._reminder_sequence()  # sudo: sequences are set-up
        return super()._process_slices(process)

    def _refresh_statistics(self):
        """Tell the planner of the proposals just stored: with the statistics of
        an empty table it joins them row by row, batch after batch.
        """
        for model in ("gym.dunning.reminder", "gym.dunning.reminder.line"):
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("ANALYZE %s", table))

    def _book(self, process, reminders):
        """Book the fees, and what goes with them; return the letters that failed."""
        failed = self._add_failures(process, self._before_fees(reminders))
        fees = self.env["gym.dunning.fee"]
        uncharged = self._add_failures(process, fees._book(reminders - failed))
        self._fees_failed(uncharged)
        failed |= uncharged
        self._after_fees(reminders - failed)
        return failed

    def _before_fees(self, reminders):
        """Make what these letters announce, before their fees are booked.

        :return: list of (reminder, sentence) for those that failed
        """
        return []

    def _fees_failed(self, reminders):
        """Take back what letters would have announced whose fee was not booked."""

    def _after_fees(self, reminders):
        """Add the fees, now booked, to what these letters announce."""

    def _add_failures(self, process, failures):
        failed = self.env["gym.dunning.reminder"]
        for reminder, message in failures:
            process._add_failure(reminder, message)
            failed |= reminder
        return failed

    def _process_generate_done(self, process):
        self._set_state("done")
        self._post_summary(
            self.env._(
                "Reminders issued: %(done)s. Skipped since the estimate: %(skipped)s."
                " Failed: %(failed)s.",
                done=process.done_count,
                skipped=process.skipped_count,
                failed=process.failed_count,
            )
        )
        self._plan_address_tasks()
        self._send_when_generated()

    def _process_generate_restarted(self, process):
        self._set_state("running")

    def _batch_size(self):
        if self.policy_id.fee_booking == "invoice" and self._has_fees():
            return BATCH_SIZE
        return BATCH_SIZE_WITHOUT_FEES

    def _has_fees(self):
        """Tell whether a remaining proposal costs something. A fee that is new since
        the estimate makes a batch of a minute, still below the time limit."""
        costs = Domain.OR(Domain(name, ">", 0) for name in COSTS)
        charged = self._proposed_domain() & costs
        return bool(self._proposal_model().search_count(charged, limit=1))

    # === ISSUING === #

    def _number(self, reminders):
        """Give numbers; return those that are not written yet, by reminder.

        A fee names its reminder, and one that fails keeps its number for the retry.
        All others get theirs when they are issued: a row written twice in a batch
        has all its foreign keys checked.
        """
        names = {}
        unnamed = reminders.filtered(lambda reminder: not reminder.name)
        for company, unnumbered in unnamed.grouped("company_id").items():
            new = company._next_reminder_numbers(len(unnumbered), self.date)
            names |= dict(zip(unnumbered.ids, new, strict=True))
        for reminder in reminders.filtered(
            lambda one: one.level_id.fee_product_id or one._has_costs()
        ):
            if name := names.pop(reminder.id, None):
                reminder.name = name
        return names

    def _issue(self, reminders, names):
        """Issue these proposals: from now on they are the items' level (E-02).

        :param names: the numbers of those that have none yet, by id
        """
        self.env.flush_all()
        for ids in split_every(1000, reminders.ids):
            self._issue_rows(ids, [(id, names.get(id)) for id in ids])
        self.env.invalidate_all()
        self._apply_last_level(reminders.filtered("is_last_level"))

    def _issue_rows(self, ids, names):
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder reminder
                      SET state = 'issued', name = COALESCE(given.name, reminder.name),
                          payment_key = 'REM' || reminder.company_id
                                              || lpad(reminder.id::text, 10, '0'),
                          delivery_state = CASE WHEN level.send_document
                                           THEN 'pending' ELSE 'none' END
                     FROM gym_dunning_level level, (VALUES %s) AS given (id, name)
                    WHERE level.id = reminder.level_id AND given.id = reminder.id""",
                SQL(", ").join(SQL("(%s, %s::varchar)", *pair) for pair in names),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE gym_dunning_reminder_line SET state = 'issued'"
                " WHERE reminder_id IN %s",
                tuple(ids),
            )
        )

    def _apply_last_level(self, reminders):
        """What follows from the last level: client status, and the door (E-06)."""
        reminders._set_last_client_status()
        if self.policy_id.block_mode == "auto":
            reminders._block()

    # === RECHECK === #
    # What a proposal is worth at the moment it is issued (AMB-09). The same evaluation
    # as the estimate's, compared with what was proposed: what no longer qualifies
    # leaves with its reason, amounts follow, new credits are taken into account, nobody
    # unseen is added.

    def _recheck(self, reminders):
        """Evaluate proposals again; return those that still stand."""
        self.ensure_one()
        self._join_merged(reminders)
        self.env["gym.dunning.evaluation"]._evaluate(
            self, reminders.partner_id, proposed_in=reminders
        )
        self._drop_unqualified_lines(reminders)
        self._insert_lines(only_missing_carried=True)
        self._update_line_amounts(reminders)
        self._drop_empty_proposals(reminders)
        self._update_totals(reminders)
        self.env.invalidate_all()
        return reminders.exists()

    def _join_merged(self, reminders):
        """Members merged since the estimate get one letter for all they owe; the
        proposal left empty is dropped with the others."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder_line line SET reminder_id = first.id
                     FROM gym_dunning_reminder twin
                     JOIN (SELECT company_id, member_id, currency_id, min(id) AS id
                             FROM gym_dunning_reminder
                            WHERE run_id = %(run)s AND state = 'proposed'
                              AND member_id IN %(partners)s
                            GROUP BY company_id, member_id, currency_id
                           HAVING count(*) > 1) first
                          USING (company_id, member_id, currency_id)
                    WHERE line.reminder_id = twin.id AND twin.id <> first.id
                      AND twin.run_id = %(run)s AND twin.state = 'proposed'""",
                run=self.id,
                partners=tuple(reminders.member_id.ids),
            )
        )

    def _drop_unqualified_lines(self, reminders):
        """Remove lines that do not qualify any more, and say why."""
        self.env.cr.execute(
            SQL(
                """WITH dropped AS (
                       DELETE FROM gym_dunning_reminder_line line
                        USING gym_dunning_reminder letter
                        WHERE letter.id = line.reminder_id
                          AND line.reminder_id IN %(ids)s AND NOT EXISTS (
                              SELECT 1 FROM gym_dunning_evaluation item
                               WHERE item.move_line_id = line.move_line_id
                                 AND item.company_id = letter.company_id
                                 AND item.person_id = letter.member_id
                                 AND item.reason IS NULL
                                 AND item.letter_number IS NOT NULL)
                       RETURNING line.*)
                   INSERT INTO gym_dunning_exclusion (run_id, company_id, partner_id,
                          member_id, move_line_id, currency_id, amount, reason)
                   SELECT reminder.run_id, reminder.company_id, reminder.partner_id,
                          dropped.member_id, dropped.move_line_id, reminder.currency_id,
                          dropped.amount,
                          CASE WHEN item.move_line_id IS NOT NULL
                               THEN COALESCE(item.reason, 'changed')
                               WHEN aml.reconciled IS NOT TRUE
                                AND aml.parent_state = 'posted'
                                AND aml.partner_id NOT IN (
                                    reminder.partner_id, reminder.member_id)
                               THEN 'changed' ELSE 'paid' END
                     FROM dropped
                     JOIN gym_dunning_reminder reminder
                       ON reminder.id = dropped.reminder_id
                     LEFT JOIN account_move_line aml ON aml.id = dropped.move_line_id
                     LEFT JOIN gym_dunning_evaluation item
                            ON item.move_line_id = dropped.move_line_id
                    WHERE dropped.level_id IS NOT NULL""",
                ids=tuple(reminders.ids),
            )
        )

    def _update_line_amounts(self, reminders):
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder_line line
                      SET amount = item.amount, level_id = item.level_id,
                          level_before_id = item.level_before_id,
                          amount_interest = item.interest,
                          interest_from = item.interest_from,
                          interest_until = CASE WHEN item.interest > 0 THEN %s END,
                          amount_lump_sum = COALESCE(item.lump_sum, 0)
                     FROM gym_dunning_evaluation item
                     JOIN gym_dunning_reminder letter
                       ON letter.company_id = item.company_id
                      AND letter.member_id = item.person_id
                    WHERE item.move_line_id = line.move_line_id
                      AND letter.id = line.reminder_id
                      AND line.reminder_id IN %s
                      AND (line.amount, line.level_id, line.amount_interest,
                           line.amount_lump_sum)
                          IS DISTINCT FROM (item.amount, item.level_id, item.interest,
                           COALESCE(item.lump_sum, 0))""",
                self.date,
                tuple(reminders.ids),
            )
        )

    def _drop_empty_proposals(self, reminders):
        """A letter without an item of its own is none; fees never start one."""
        self.env["gym.dunning.reminder"]._delete_proposals(
            SQL(
                """gym_dunning_reminder.id IN %s AND NOT EXISTS (
                       SELECT 1 FROM gym_dunning_reminder_line line
                        WHERE line.reminder_id = gym_dunning_reminder.id
                          AND line.level_id IS NOT NULL)""",
                tuple(reminders.ids),
            )
        )

    def _update_totals(self, reminders):
        """Level, sums and fee follow the lines."""
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder reminder
                      SET level_id = letter.letter_level_id,
                          addressee_id = letter.addressee_id,
                          is_last_level = letter.is_last_level,
                          amount_open = letter.open, amount_credit = letter.credit,
                          amount_fee = letter.fee,
                          amount_interest = letter.interest,
                          amount_charges = letter.amount_charges,
                          amount_total = letter.open - letter.credit + letter.fee
                                         + letter.interest + letter.amount_charges
                     FROM (%(letters)s) letter
                    WHERE reminder.id IN %(ids)s
                      AND reminder.company_id = letter.company_id
                      AND reminder.member_id = letter.person_id
                      AND reminder.currency_id = letter.currency_id
                      AND (reminder.level_id, reminder.addressee_id,
                           reminder.amount_open,
                           reminder.amount_credit, reminder.amount_fee,
                           reminder.amount_interest, reminder.amount_charges)
                          IS DISTINCT FROM (letter.letter_level_id,
                           letter.addressee_id, letter.open,
                           letter.credit, letter.fee, letter.interest,
                           letter.amount_charges)""",
                letters=self._letters_sql(),
                ids=tuple(reminders.ids),
            )
        )
