"""The ledger as one would write it down first, item by item: to compare with."""

from odoo.tools import SQL

from ...models.ledger.gym_dunning_hold import HOLD_REASONS

COLUMNS = (
    "id",
    "partner_id",
    "date_maturity",
    "amount_residual",
    "policy_id",
    "level_id",
    "reminder_id",
    "reminder_date_due",
    "reminder_delivery_state",
    "next_level_id",
    "due_level",
    "hold_reason",
    "hold_until",
    "sent_count",
)


def plain_rows(ledger, company):
    """Return the rows of all items of a company, as dicts by id; nothing is read in
    bulk, and every join is made."""
    ledger.env.flush_all()
    rows = ledger.env.execute_query(_plain_sql(ledger, company))
    return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows}


def _plain_sql(ledger, company):
    order = SQL(" ").join(
        SQL("WHEN %s THEN %s", reason, position)
        for position, (reason, __) in enumerate(HOLD_REASONS)
    )
    due = SQL(
        """GREATEST(COALESCE(aml.date_maturity, aml.date),
                    CASE WHEN move.move_type <> 'entry' THEN move.invoice_date END)"""
    )
    return SQL(
        """SELECT aml.id, aml.partner_id, %(due)s,
               CASE WHEN aml.amount_residual_currency > 0
                    THEN aml.amount_residual_currency ELSE %(credit)s END,
               policy.id, last.level_id, last.reminder_id, last.date_due,
               last.delivery_state, next.id,
               CASE
                WHEN aml.amount_residual_currency < 0 OR %(is_fee)s THEN NULL
                WHEN policy.id IS NULL THEN NULL
                WHEN own.id IS NOT NULL AND next.id IS NULL
                 AND last.delivery_state NOT IN ('pending', 'failed') THEN 'done'
                WHEN next.id IS NULL OR %(due)s >= %(date)s THEN NULL
                WHEN %(date)s - %(due)s < GREATEST(
                     next.min_days_overdue, policy.min_days_overdue) THEN NULL
                WHEN last.date_due >= %(date)s
                  OR last.delivery_state IN ('pending', 'failed') THEN NULL
                ELSE next.number::varchar END,
               hold.reason, hold.date_until,
               (SELECT count(*) FROM gym_dunning_reminder_line line
                  JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 WHERE line.move_line_id = aml.id AND line.level_id IS NOT NULL
                   AND reminder.state = 'issued'
                   AND reminder.delivery_state IN ('sent', 'printed')
                   AND (reminder.partner_id = aml.partner_id
                        OR reminder.member_id = %(person)s))
             FROM account_move_line aml
             JOIN account_move move ON move.id = aml.move_id
             JOIN res_partner partner ON partner.id = aml.partner_id
             LEFT JOIN LATERAL (
                  SELECT line.level_id, reminder.id AS reminder_id,
                         reminder.date_due, reminder.delivery_state
                    FROM gym_dunning_reminder_line line
                    JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                   WHERE line.move_line_id = aml.id AND line.level_id IS NOT NULL
                     AND reminder.state = 'issued'
                     AND (reminder.partner_id = aml.partner_id
                          OR reminder.member_id = %(person)s)
                   ORDER BY reminder.date DESC, reminder.id DESC LIMIT 1) last ON TRUE
             LEFT JOIN LATERAL (
                  SELECT hold.reason, hold.date_until FROM gym_dunning_hold hold
                   WHERE hold.move_line_id = aml.id AND hold.active
                     AND (hold.date_until IS NULL OR hold.date_until >= %(date)s)
                   ORDER BY CASE hold.reason %(order)s END, hold.date_until DESC
                   LIMIT 1) hold ON TRUE
             LEFT JOIN (VALUES %(policies)s) AS of_company (company_id, policy_id)
                    ON of_company.company_id = aml.company_id
             LEFT JOIN gym_dunning_policy policy ON policy.id = COALESCE(
                  (SELECT dunning_policy_id FROM res_partner WHERE id = %(invoiced)s),
                  partner.dunning_policy_id, of_company.policy_id)
             LEFT JOIN %(ranks)s own ON own.id = last.level_id
             LEFT JOIN %(ranks)s next ON next.policy_id = policy.id
                   AND next.number = COALESCE(own.number, 0) + 1
            WHERE aml.account_id IN %(accounts)s AND aml.company_id = %(company)s
              AND aml.reconciled IS NOT TRUE AND aml.parent_state = 'posted'
              AND aml.amount_residual_currency <> 0
              AND CASE WHEN aml.amount_residual_currency > 0 THEN NOT %(paid_out)s
                       ELSE %(credit)s < 0 END""",
        due=due,
        company=company.id,
        credit=ledger._credit_sql(),
        is_fee=ledger._is_fee_sql(),
        date=ledger._date_sql(),
        person=ledger._person_sql(),
        invoiced=ledger._invoiced_member_sql(),
        order=order,
        policies=_company_policies_sql(ledger),
        ranks=ledger.env["gym.dunning.level"]._rank_sql(),
        accounts=ledger.env["account.account"]._gym_customer_sql(),
        paid_out=_paid_out_sql(),
    )


def _company_policies_sql(ledger):
    companies = ledger.env["res.company"].sudo().search([])
    policies = ledger.env["gym.dunning.policy"]._by_company(companies)
    return SQL(", ").join(
        SQL("(%s::int, %s::int)", company_id, policy.id or None)
        for company_id, policy in policies.items()
    )


def _paid_out_sql():
    return SQL(
        """(move.move_type = 'entry' AND move.reversed_entry_id IS NULL
            AND (SELECT bool_or(payment.payment_type = 'outbound' OR cash.balance < 0
                                AND account.account_type IN (
                                    'asset_cash', 'liability_credit_card')
                                AND journal.type IN ('bank', 'cash', 'credit'))
                   FROM account_journal journal
                   JOIN account_move_line cash ON cash.move_id = move.id
                   JOIN account_account account ON account.id = cash.account_id
                   LEFT JOIN account_payment payment ON payment.id = move.origin_payment_id
                  WHERE journal.id = aml.journal_id) IS TRUE)"""
    )
