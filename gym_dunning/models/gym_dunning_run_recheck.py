from odoo import models
from odoo.tools import SQL


class GymDunningRun(models.Model):
    """What a proposal is worth at the moment it is issued (AMB-09).

    The same evaluation as the estimate's, compared with what was proposed: what no
    longer qualifies leaves with its reason, amounts follow, new credits are taken
    into account, nobody unseen is added.
    """

    _inherit = "gym.dunning.run"

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
                          level_before_id = item.level_before_id
                     FROM gym_dunning_evaluation item
                     JOIN gym_dunning_reminder letter
                       ON letter.company_id = item.company_id
                      AND letter.member_id = item.person_id
                    WHERE item.move_line_id = line.move_line_id
                      AND letter.id = line.reminder_id
                      AND line.reminder_id IN %s
                      AND (line.amount, line.level_id)
                          IS DISTINCT FROM (item.amount, item.level_id)""",
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
                          amount_total = letter.open - letter.credit + letter.fee
                     FROM (%(letters)s) letter
                    WHERE reminder.id IN %(ids)s
                      AND reminder.company_id = letter.company_id
                      AND reminder.member_id = letter.person_id
                      AND reminder.currency_id = letter.currency_id
                      AND (reminder.level_id, reminder.addressee_id,
                           reminder.amount_open,
                           reminder.amount_credit, reminder.amount_fee)
                          IS DISTINCT FROM (letter.letter_level_id,
                           letter.addressee_id, letter.open,
                           letter.credit, letter.fee)""",
                letters=self._letters_sql(),
                ids=tuple(reminders.ids),
            )
        )
