from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class GymDunningFee(models.AbstractModel):
    """Fees that are left when everything else of their reminder was paid: nobody is
    reminded of a fee alone, so they would stay open for ever."""

    _inherit = "gym.dunning.fee"

    @api.model
    def _lonely(self, company, date):
        """Return when everything else was paid, by the reminder of each fee that has
        been left alone for as long as the centre waits.

        Items that were credited count as paid; one that somebody deleted is not known
        to be.

        :return: dict of reminder to the day of the last payment
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT reminder.id, other.paid_on
                     FROM gym_dunning_reminder reminder
                    CROSS JOIN LATERAL (%(others)s) other
                    WHERE reminder.company_id = %(company)s
                      AND reminder.state = 'issued' AND %(is_open)s
                      AND other.are_settled AND other.paid_on + %(days)s <= %(date)s
                    ORDER BY reminder.id""",
                others=self._others_sql(),
                company=company.id,
                is_open=self._is_open_sql(),
                days=company.dunning_lonely_fee_days,
                date=date,
            )
        )
        return {self.env["gym.dunning.reminder"].browse(id): day for id, day in rows}

    @api.model
    def _others_sql(self):
        """Whether and when everything besides fees of a `reminder` was paid."""
        return SQL(
            """SELECT bool_and(item.reconciled IS TRUE
                               OR COALESCE(item.parent_state = 'cancel', FALSE)
                       ) AS are_settled, max(partial.max_date) AS paid_on
                 FROM gym_dunning_reminder_line line
                 LEFT JOIN account_move_line item ON item.id = line.move_line_id
                 LEFT JOIN account_partial_reconcile partial
                        ON partial.debit_move_id = item.id
                WHERE line.reminder_id = reminder.id AND line.amount > 0
                  AND line.is_fee IS NOT TRUE"""
        )

    @api.model
    def _is_open_sql(self):
        """Whether something of the fee of a `reminder` may be open; `_lines` says
        which."""
        return SQL(
            """EXISTS (SELECT FROM account_move_line fee
                         JOIN account_move move ON move.id = fee.move_id
                        WHERE fee.move_id = reminder.fee_move_id
                          AND fee.parent_state = 'posted'
                          AND fee.reconciled IS NOT TRUE
                          AND fee.amount_residual_currency > 0
                          AND (move.move_type <> 'entry' OR fee.name = reminder.name
                               OR fee.partner_id = reminder.partner_id))"""
        )

    # === WAIVING === #

    @api.model
    def _waive(self, reminders, paid_on, date):
        """Credit what nobody paid of these reminders' fees; what was paid stays paid.

        :param paid_on: see `_lonely`; by hand nothing need be paid
        :param date: of the credit
        """
        waiver = self.with_context(gym_waived_on=date)
        rests = {one: waiver._rest_of(one) for one in self._free(reminders, date)}
        waived = reminders.filtered(rests.get)
        waiver._credit(waived)
        for reminder in waived:
            self._note_waived(reminder, rests[reminder], paid_on.get(reminder))

    @api.model
    def _free(self, reminders, date):
        """Return those whose fee is open and held by nobody: neither collected, nor at
        an agency or in a case, disputed or promised. That somebody asked about it
        keeps nobody from waiving it."""
        lines = {one: self._open_lines(one) for one in reminders}
        every = self.env["account.move.line"].union(*lines.values())
        # sudo: whoever holds them
        holds = self.env["gym.dunning.hold"].sudo()
        held = holds.search(
            Domain("move_line_id", "in", every.ids)
            & Domain("reason", "!=", "answer")
            & (Domain("date_until", "=", False) | Domain("date_until", ">=", date))
        ).move_line_id
        return reminders.filtered(lambda one: lines[one] and not lines[one] & held)

    @api.model
    def _open_lines(self, reminder):
        return self._lines(reminder).filtered(
            lambda line: line.parent_state == "posted" and not line.reconciled
        )

    @api.model
    def _rest_of(self, reminder):
        move = reminder.fee_move_id
        if move.is_invoice():
            return self.env["gym.invoicing"]._rest_of_invoice(move)
        return self._rest_of_line(move, reminder)

    @api.model
    def _note_waived(self, reminder, amount, paid_on):
        amount = reminder.currency_id.format(amount)
        body = (
            self.env._(
                "Reminder fee %(amount)s of %(reminder)s waived: everything else was"
                " paid on %(date)s.",
                amount=amount,
                reminder=reminder.name,
                date=format_date(self.env, paid_on),
            )
            if paid_on
            else self.env._(
                "Reminder fee %(amount)s of %(reminder)s waived by hand.",
                amount=amount,
                reminder=reminder.name,
            )
        )
        member = reminder.member_id or reminder.partner_id
        member.message_post(subtype_xmlid="gym_dunning.mt_debts", body=body)
        reminder.fee_move_id.message_post(body=body)

    def _prepare_entry_credit_vals(self, entry, rests):
        # EXTENDS gym_dunning_fee_credit: what is waived is dated by the day
        vals = super()._prepare_entry_credit_vals(entry, rests)
        waived_on = self.env.context.get("gym_waived_on")
        return vals | {"date": waived_on} if waived_on else vals
