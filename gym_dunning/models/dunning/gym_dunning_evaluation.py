from odoo import api, models
from odoo.tools import SQL

from ...tools.not_compiled import not_compiled
from ..ledger.gym_dunning_hold import STOPPING_HOLDS

# What the statements that read the evaluation join and filter by.
JOINED_COLUMNS = SQL(
    "move_line_id, partner_id, person_id, company_id, currency_id, kind, reason"
)


class GymDunningEvaluation(models.AbstractModel):
    """Who gets what: one row per open item of a run, with the reason of refusal.

    The rows are computed in the database, in three layers: items with what the
    item itself says, sums per letter (creditor, person written to, currency), and
    what person and debtor say. The estimate stores them; the generation compares
    with them.

    `person_id` is who is written to and asked for age, status and address: the
    member invoiced as a contact of a company or a parent, else the debtor.
    `partner_id` is the debtor, `member_id` whom the item is about.
    """

    _name = "gym.dunning.evaluation"
    _description = "Evaluation of Open Items"

    @api.model
    def _evaluate(self, run, partners=None, proposed_in=None):
        """Fill the temporary table `gym_dunning_evaluation` for a run.

        :param run: the run, its date and filters decide
        :param partners: only these debtors; None means all
        :param proposed_in: only items of these reminders, besides credits and
            fees; None means all
        """
        items = self._item_layer(run, partners, proposed_in)
        self.env.flush_all()
        not_compiled(self.env)
        if self._has_branches(run):
            items = self._share_credits(run, items, proposed_in)
        query = self._letter_layer(run, items)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS gym_dunning_evaluation"))
        self.env.cr.execute(
            SQL("CREATE TEMP TABLE gym_dunning_evaluation ON COMMIT DROP AS %s", query)
        )
        # the planner knows nothing of a new table, and guesses badly
        self.env.cr.execute(SQL("ANALYZE gym_dunning_evaluation (%s)", JOINED_COLUMNS))

    # === ITEMS === #

    def _item_layer(self, run, partners, proposed_in):
        """Items, credits and fees of the run with their own reason of refusal.

        What somebody else collects is on no further letter: it would be paid twice.
        OFFSET 0 keeps the reason from being computed again for each of its uses.
        """
        return SQL(
            """SELECT item.*,
                      CASE WHEN item.invoiced_member_id IS NULL THEN item.debtor_id
                           ELSE debtor.commercial_partner_id END AS partner_id,
                      COALESCE(debtor.is_company, FALSE) AS is_business,
                      %(contact)s AS invoice_contact_id, %(kind)s AS kind,
                      CASE WHEN %(is_item)s THEN %(reason)s END AS item_reason
                 FROM (%(rows)s) item
                 JOIN res_partner debtor ON debtor.id = item.debtor_id
                      %(cell)s
                WHERE %(unpaid)s AND %(proposed)s AND %(selected)s
               OFFSET 0""",
            contact=self._invoice_contact_sql(),
            kind=self._kind_sql(),
            is_item=self._is_item_sql(),
            reason=self._item_reason_sql(run),
            rows=self._rows_of_ledger(run, partners),
            cell=self._cell_join_sql(run),
            unpaid=self._collected_by_nobody_sql(),
            proposed=self._proposed_sql(proposed_in),
            selected=self._selected_sql(run),
        )

    def _rows_of_ledger(self, run, partners):
        """What the run reads of the ledger, each column computed once (OFFSET 0): the
        reasons name them often, and each mention would be planned anew."""
        return SQL(
            """SELECT item.id, item.move_id, item.company_id, item.journal_id,
                      item.payment_method_line_id, item.partner_id AS debtor_id,
                      item.invoiced_id, item.invoiced_member_id,
                      COALESCE(item.invoiced_member_id, item.partner_id) AS person_id,
                      item.member_id, item.currency_id, item.move_name,
                      item.amount_original, item.amount_residual,
                      item.amount_residual_company, item.days_overdue,
                      item.date_maturity, item.date_arisen, item.no_followup,
                      item.level_id, item.next_level_id, item.next_number,
                      item.next_min_days, item.reminder_date_due,
                      item.reminder_delivery_state, item.hold_reason,
                      item.is_dunning_fee %(columns)s
                 FROM (%(ledger)s) item
                WHERE %(companies)s
                  AND (item.amount_booked < 0 OR item.is_dunning_fee
                       OR item.days_overdue >= %(min_days)s)
                  AND %(partners)s
               OFFSET 0""",
            ledger=self._ledger(run),
            companies=self._companies_sql(run),
            min_days=max(run.min_days_overdue, 1),
            partners=self._partners_sql(partners),
            columns=SQL("").join(
                SQL(", item.%s", SQL.identifier(name))
                for name in self._columns_of_rooms()
            ),
        )

    def _ledger(self, run):
        ledger = self.env["gym.open.item"].with_context(
            dunning_date=run.date, dunning_policy_id=run.policy_id.id
        )
        return ledger._table_query

    def _companies_sql(self, run):
        """The run's centres, and credits of the companies above them."""
        own = SQL("item.company_id IN %s", tuple(run.company_ids.ids))
        if above := self._companies_above(run):
            return SQL(
                "(%s OR item.amount_booked < 0 AND item.company_id IN %s)",
                own,
                tuple(above.ids),
            )
        return own

    def _is_item_sql(self):
        return SQL("item.amount_residual > 0 AND NOT item.is_dunning_fee")

    def _kind_sql(self):
        return SQL(
            """CASE WHEN item.amount_residual < 0 THEN 'credit'
                    WHEN item.is_dunning_fee THEN 'fee' ELSE 'item' END"""
        )

    def _partners_sql(self, partners):
        if partners is None:
            return SQL("TRUE")
        return SQL("item.partner_id IN %s", tuple(self._family(partners) or [0]))

    def _family(self, partners):
        """Return the ids of debtors and of their contacts who are members: a payment
        may be booked on either."""
        self.env["res.partner"].flush_model(
            ["commercial_partner_id", "member_status_id"]
        )
        # asked for each batch of a run: the few contacts who are members by their index
        rows = self.env.execute_query(
            SQL(
                """WITH debtor AS (SELECT DISTINCT commercial_partner_id AS id
                                     FROM res_partner WHERE id = ANY(%s))
                   SELECT id FROM debtor
                   UNION ALL
                   SELECT contact.id FROM res_partner contact
                     JOIN debtor ON debtor.id = contact.commercial_partner_id
                    WHERE contact.commercial_partner_id <> contact.id
                      AND contact.member_status_id IS NOT NULL""",
                partners.ids,
            )
        )
        return list({*partners.ids, *(partner_id for (partner_id,) in rows)})

    def _invoice_contact_sql(self):
        """The invoice address that got the document, where it was one."""
        return SQL(
            """CASE WHEN item.invoiced_id <> item.debtor_id THEN (
                   SELECT contact.id FROM res_partner contact
                    WHERE contact.id = item.invoiced_id AND contact.type = 'invoice'
                      AND contact.active) END"""
        )

    def _selected_sql(self, run):
        """Somebody chose the items one by one (S-28); credits come along."""
        if not run.item_ids:
            return SQL("TRUE")
        return SQL(
            "(NOT (%s) OR item.id = ANY(%s))", self._is_item_sql(), run.item_ids.ids
        )

    def _proposed_sql(self, reminders):
        if reminders is None:
            return SQL("TRUE")
        return SQL(
            """(NOT (%s) OR EXISTS (
                   SELECT 1 FROM gym_dunning_reminder_line mine
                    WHERE mine.move_line_id = item.id AND mine.reminder_id IN %s))""",
            self._is_item_sql(),
            tuple(reminders.ids or [0]),
        )

    def _item_reason_sql(self, run):
        """What the item itself says against a reminder, the first that applies.

        The status of a child whose parent pays leaves out what is about the child,
        and nothing else of the letter.
        """
        return SQL(
            """COALESCE(CASE
                WHEN COALESCE(%(own_policy)s <> %(policy)s,
                     item.company_id NOT IN %(covered)s) THEN 'no_policy'
                %(cell)s
                %(rooms)s
                %(holds)s
                WHEN item.no_followup THEN 'no_followup'
                WHEN item.amount_residual_company < %(minimum)s
                     THEN 'below_invoice_minimum'
                WHEN item.next_level_id IS NULL THEN 'last_level'
                WHEN item.days_overdue < item.next_min_days THEN 'window_not_reached'
                WHEN item.reminder_date_due >= %(date)s THEN 'deadline_running'
                WHEN item.reminder_delivery_state IN ('pending', 'failed')
                     THEN 'not_delivered' END,
               CASE WHEN item.member_id <> item.person_id THEN %(member)s END,
               CASE WHEN %(elsewhere)s THEN 'in_other_run' END)""",
            covered=tuple(run._covered_companies().ids or [0]),
            policy=run.policy_id.id,
            own_policy=self._own_policy_sql(),
            cell=self._cell_reason_sql(run),
            rooms=SQL(" ").join(self._item_reasons(run)),
            holds=SQL(" ").join(
                SQL("WHEN item.hold_reason = %s THEN %s", reason, code)
                for reason, code in STOPPING_HOLDS.items()
            ),
            minimum=run.min_invoice_balance,
            date=run.date,
            member=self._status_of_sql(SQL("item.member_id"), run.date),
            elsewhere=self._in_other_run_sql(run),
        )

    def _own_policy_sql(self):
        """The policy of the person, else of the debtor; none: the centre's."""
        return SQL(
            """CASE WHEN item.invoiced_member_id IS NULL THEN debtor.dunning_policy_id
                    ELSE COALESCE((SELECT own.dunning_policy_id FROM res_partner own
                                    WHERE own.id = item.invoiced_member_id),
                                  debtor.dunning_policy_id) END"""
        )

    # === WHAT OTHER ROOMS KNOW OF AN ITEM === #

    def _columns_of_rooms(self):
        """Return the names of columns of the ledger that other rooms' reasons read."""
        return []

    def _collected_by_nobody_sql(self):
        """Whether nobody else is collecting an item that comes along with others: a fee
        that is being paid online is on no further letter."""
        return SQL(
            """(NOT item.is_dunning_fee
                OR item.hold_reason IS DISTINCT FROM 'online')"""
        )

    def _item_reasons(self, run):
        """Return what other rooms say against reminding an item, as SQL: one or more
        `WHEN condition THEN reason`, the reason a code of `gym.dunning.exclusion`."""
        return []

    def _in_other_run_sql(self, run):
        return SQL(
            """EXISTS (SELECT 1 FROM gym_dunning_reminder_line line
                         JOIN gym_dunning_reminder other ON other.id = line.reminder_id
                         JOIN gym_dunning_run elsewhere ON elsewhere.id = other.run_id
                        WHERE line.move_line_id = item.id AND line.state = 'proposed'
                          AND elsewhere.state IN ('estimated', 'running')
                          AND other.run_id <> %s)""",
            run.id,
        )

    # === ACTIVATION === #

    def _has_cells(self, run):
        return bool(run.policy_id.with_context(active_test=False).activation_ids)

    def _cell_join_sql(self, run):
        """Join the most specific cell of centre x journal x payment method."""
        if not self._has_cells(run):
            return SQL()
        return SQL(
            """JOIN res_company centre ON centre.id = item.company_id
               LEFT JOIN LATERAL (
                   SELECT activation.active, activation.auto_send,
                          activation.ignore_due_before, activation.keep_reminded
                     FROM gym_dunning_activation activation
                     JOIN res_company wider ON wider.id = activation.company_id
                    WHERE activation.policy_id = %s
                      AND centre.parent_path LIKE wider.parent_path || '%%'
                      AND COALESCE(activation.journal_id, item.journal_id)
                          = item.journal_id
                      AND (activation.payment_method_line_id IS NULL
                           OR activation.payment_method_line_id
                              = item.payment_method_line_id)
                    ORDER BY length(wider.parent_path) DESC,
                             activation.journal_id IS NULL,
                             activation.payment_method_line_id IS NULL
                    LIMIT 1) cell ON TRUE""",
            run.policy_id.id,
        )

    def _cell_reason_sql(self, run):
        if not self._has_cells(run):
            return SQL()
        return SQL(
            """WHEN cell.active IS NOT TRUE OR %s THEN 'inactive'
               WHEN item.date_maturity < cell.ignore_due_before
                    AND NOT (cell.keep_reminded AND item.level_id IS NOT NULL)
                    THEN 'before_start'""",
            # S-17: what the scheduled action may send, the cell says
            SQL("cell.auto_send IS NOT TRUE" if run.is_automatic else "FALSE"),
        )

    # === LETTERS === #

    def _letter_layer(self, run, items):
        """Add sums per letter, then what the sums, person and debtor say."""
        return SQL(
            """SELECT summed.id AS move_line_id, summed.move_id, summed.company_id,
                      summed.partner_id, summed.person_id, summed.member_id,
                      summed.currency_id, summed.kind, summed.move_name,
                      summed.amount_original,
                      summed.amount_residual AS amount, summed.days_overdue,
                      summed.date_maturity, summed.date_arisen,
                      summed.level_id AS level_before_id,
                      CASE WHEN summed.kind = 'item' THEN summed.next_level_id
                           END AS level_id,
                      summed.letter_number, letter_level.id AS letter_level_id,
                      letter_level.number = letter_level.level_count AS is_last_level,
                      COALESCE(receiver.id, person.id) AS addressee_id,
                      summed.is_business, %(interest)s, NULL::numeric AS lump_sum,
                      COALESCE(summed.item_reason, %(reason)s) AS reason
                 FROM (%(sums)s) summed
                 JOIN res_partner person ON person.id = summed.person_id
                 LEFT JOIN gym_client_status client
                        ON client.id = person.client_status_id
                       AND (person.client_status_until IS NULL
                            OR person.client_status_until >= %(date)s)
                 LEFT JOIN %(levels)s letter_level
                        ON letter_level.policy_id = %(policy)s
                       AND letter_level.number = summed.letter_number
                 LEFT JOIN gym_dunning_level letter_rule
                        ON letter_rule.id = letter_level.id
                 LEFT JOIN LATERAL (%(receiver)s) receiver ON TRUE
                      %(rates)s""",
            interest=self._interest_columns_sql(run),
            rates=self._interest_join_sql(run),
            reason=self._letter_reason_sql(run),
            sums=self._sums_sql(items),
            date=run.date,
            levels=self.env["gym.dunning.level"]._rank_sql(),
            policy=run.policy_id.id,
            receiver=self.env["gym.dunning.receiver"]._receiver_sql(run.date),
        )

    def _sums_sql(self, items):
        return SQL(
            """SELECT item.*,
                      COALESCE(sum(amount_residual_company) FILTER (
                          WHERE kind = 'credit' OR (kind = 'item' AND item_reason IS NULL)
                      ) OVER letter, 0) AS letter_balance,
                      max(next_number) FILTER (
                          WHERE kind = 'item' AND item_reason IS NULL
                      ) OVER letter AS letter_number,
                      min(invoice_contact_id) FILTER (
                          WHERE kind = 'item' AND item_reason IS NULL
                      ) OVER letter AS letter_contact_id
                 FROM (%s) item
               WINDOW letter AS (PARTITION BY company_id, person_id, currency_id)""",
            items,
        )

    def _letter_reason_sql(self, run):
        """What the sums, the person and the debtor say against the whole letter."""
        return SQL(
            """CASE WHEN summed.letter_number IS NOT NULL
                    THEN COALESCE(%s, %s) END""",
            self._balance_reason_sql(run),
            self._people_reason_sql(run),
        )

    def _balance_reason_sql(self, run):
        return SQL(
            """CASE WHEN summed.letter_balance <= 0 THEN 'in_credit'
                    WHEN summed.letter_balance < GREATEST(
                         %s, letter_rule.min_balance) THEN 'below_minimum' END""",
            run.min_balance,
        )

    def _people_reason_sql(self, run):
        return SQL(
            """CASE WHEN client.at_agency THEN 'at_agency'
                    WHEN client.stops_reminders THEN 'client_paused' END,
               CASE WHEN summed.partner_id <> summed.person_id THEN %(debtor)s END,
               CASE
                WHEN %(is_minor)s AND receiver.has_guardian IS NOT TRUE THEN 'minor'
                WHEN NOT COALESCE(receiver.has_address, %(has_address)s)
                     THEN 'no_address' END""",
            debtor=self._status_of_sql(SQL("summed.partner_id"), run.date),
            is_minor=self.env["gym.dunning.receiver"]._is_minor_sql(run.date),
            has_address=self.env["gym.dunning.receiver"]._has_address_sql(
                SQL("person")
            ),
        )

    def _status_of_sql(self, partner, date):
        """What the client status of somebody says who is not written to: of whom an
        item is about, of the company or parent whose contact is written to."""
        return SQL(
            """(SELECT CASE WHEN status.at_agency THEN 'at_agency'
                            WHEN status.stops_reminders THEN 'client_paused' END
                  FROM res_partner other
                  JOIN gym_client_status status ON status.id = other.client_status_id
                 WHERE other.id = %s
                   AND (other.client_status_until IS NULL
                        OR other.client_status_until >= %s))""",
            partner,
            date,
        )
