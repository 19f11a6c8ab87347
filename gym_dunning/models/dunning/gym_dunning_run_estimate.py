from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

NO_CHARGES = SQL(
    """SELECT 0 AS company_id, 0 AS person_id, 0 AS currency_id, 0::numeric AS amount
        WHERE FALSE"""
)


class GymDunningRun(models.Model):
    """The estimate: proposals and exclusions, stored set by set (E-37, E-38)."""

    _inherit = "gym.dunning.run"

    def _estimate(self, partners=None):
        """Store proposals and exclusions, of all debtors or of `partners`.

        The number of queries does not depend on the number of items.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_ready()
        items = self.item_ids or self.occasion_ids.move_line_id
        if items and partners is None:
            partners = items.partner_id
        self._clear_estimate(partners)
        self.env["gym.dunning.evaluation"]._evaluate(self, partners)
        self._forget_unconcerned()
        self._store_estimate(is_whole=partners is None)

    def _store_estimate(self, is_whole=False):
        """Store what the evaluation found.

        :param is_whole: nothing else stands in the run
        """
        self._insert_reminders()
        self._insert_lines()
        self._insert_exclusions()
        self._write_warnings(is_whole)
        self.env.invalidate_all()

    def _estimate_again(self, exclusions):
        """Propose the letters again that these rows were left out of; other letters
        of the same members stay as they are, left out or ticked.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_ready()
        self.env["gym.dunning.evaluation"]._evaluate(
            self, exclusions.move_line_id.partner_id | exclusions.partner_id
        )
        self._keep_letters_of(exclusions)
        self._store_estimate()

    def _keep_letters_of(self, exclusions):
        """Forget what was evaluated besides the letters of these rows, and the rows."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM gym_dunning_evaluation item
                    WHERE (company_id, person_id, currency_id) NOT IN (
                          SELECT wanted.company_id, wanted.person_id, wanted.currency_id
                            FROM gym_dunning_evaluation wanted
                            JOIN gym_dunning_exclusion exclusion
                              ON exclusion.move_line_id = wanted.move_line_id
                             AND exclusion.company_id = wanted.company_id
                           WHERE exclusion.id IN %(ids)s)
                       OR EXISTS (
                          SELECT FROM gym_dunning_reminder letter
                           WHERE letter.run_id = %(run)s AND letter.state = 'proposed'
                             AND letter.company_id = item.company_id
                             AND letter.member_id = item.person_id
                             AND letter.currency_id = item.currency_id)""",
                ids=tuple(exclusions.ids),
                run=self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM gym_dunning_exclusion
                    WHERE run_id = %(run)s AND (id IN %(ids)s OR move_line_id IN (
                          SELECT move_line_id FROM gym_dunning_evaluation
                           WHERE kind = 'item'))""",
                ids=tuple(exclusions.ids),
                run=self.id,
            )
        )

    def _check_ready(self):
        """Name what is missing before anything is computed."""
        self.policy_id._check_configuration()
        for company in self.company_ids.root_id:
            if not self._has_receivable_account(company):
                raise UserError(
                    self.env._(
                        "%s has no chart of accounts. Install one under Invoicing >"
                        " Configuration > Settings.",
                        company.name,
                    )
                )

    def _has_receivable_account(self, company):
        # sudo: whether a chart exists is no secret to who runs reminders there
        accounts = self.env["account.account"].sudo().with_company(company)
        receivable = accounts._customer_domain()
        return bool(
            accounts.search_count(
                receivable & Domain(accounts._check_company_domain(company)), limit=1
            )
        )

    def _covered_companies(self):
        """The run's centres that follow its policy."""
        policy = self.policy_id
        return self.company_ids.filtered(lambda company: policy._covers(company))

    def _clear_estimate(self, partners):
        """Remove earlier rows, and what a finished run failed to issue: its failure
        stays listed there, the debt is chased by this run."""
        only = left_over = SQL("TRUE")
        if partners is not None:
            ids = tuple(self.env["gym.dunning.evaluation"]._family(partners) or [0])
            only = SQL("partner_id IN %s", ids)
            # an item may have changed hands since it was left over
            left_over = SQL(
                """(partner_id IN %s OR id IN (
                       SELECT line.reminder_id FROM gym_dunning_reminder_line line
                         JOIN account_move_line item ON item.id = line.move_line_id
                        WHERE item.partner_id IN %s))""",
                ids,
                ids,
            )
        self.env.flush_all()
        self.env["gym.dunning.reminder"]._delete_proposals(
            SQL(
                """(run_id = %(run)s AND %(only)s
                    OR company_id IN %(companies)s AND %(left_over)s
                   AND run_id IN (SELECT id FROM gym_dunning_run
                                   WHERE state IN ('done', 'cancelled')))""",
                only=only,
                left_over=left_over,
                run=self.id,
                companies=tuple(self.company_ids.ids),
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM gym_dunning_exclusion WHERE run_id = %s AND %s",
                self.id,
                only,
            )
        )

    def _insert_reminders(self):
        self.env.cr.execute(
            SQL(
                """INSERT INTO gym_dunning_reminder (
                       run_id, company_id, partner_id, member_id, addressee_id, currency_id,
                       level_id, is_last_level, block_access, date, date_due, state,
                       delivery_state, amount_open, amount_credit, amount_fee,
                       amount_interest, amount_charges, amount_total,
                       create_uid, create_date, write_uid, write_date)
                   SELECT %(run)s, company_id, partner_id, person_id, addressee_id, currency_id,
                          letter_level_id, is_last_level, is_last_level AND %(tick)s,
                          %(date)s, %(deadline)s, 'proposed', 'none', open, credit,
                          fee, interest, amount_charges,
                          open - credit + fee + interest + amount_charges,
                          %(user)s, now() AT TIME ZONE 'UTC',
                          %(user)s, now() AT TIME ZONE 'UTC'
                     FROM (%(letters)s) letter
                    ORDER BY company_id, partner_id, person_id""",
                run=self.id,
                tick=self.policy_id.block_mode != "none"
                and self.policy_id.block_preselected,
                date=self.date,
                deadline=fields.Date.add(self.date, days=self.payment_days),
                user=self.env.uid,
                letters=self._letters_sql(),
            )
        )

    def _letters_sql(self):
        """Sum the evaluated items up to letters, with what they cost."""
        combinations = self._evaluated_combinations()
        charges = self.env["gym.dunning.evaluation"]._charges_sql(self)
        return SQL(
            """SELECT letter.*, COALESCE(charge.amount, 0) AS amount_charges
                 FROM (%(letters)s) letter
                 LEFT JOIN (%(charges)s) charge
                       ON charge.company_id = letter.company_id
                      AND charge.person_id = letter.person_id
                      AND charge.currency_id = letter.currency_id""",
            letters=self._summed_letters_sql(combinations),
            charges=SQL(
                """SELECT company_id, person_id, currency_id, sum(amount) AS amount
                     FROM (%s) claimed GROUP BY company_id, person_id, currency_id""",
                charges or NO_CHARGES,
            ),
        )

    def _summed_letters_sql(self, combinations):
        return SQL(
            """SELECT item.company_id, item.partner_id, item.person_id,
                      item.currency_id, item.addressee_id, item.letter_level_id, item.is_last_level,
                      sum(item.amount) FILTER (WHERE item.kind <> 'credit') AS open,
                      COALESCE(-sum(item.amount) FILTER (
                          WHERE item.kind = 'credit'), 0) AS credit,
                      COALESCE(sum(item.lump_sum),
                               max(CASE WHEN item.is_business THEN own_fee.business
                                        WHEN %(by_email)s THEN own_fee.by_email
                                        ELSE own_fee.on_paper END),
                               max(CASE WHEN item.is_business THEN fee.business
                                        WHEN %(by_email)s THEN fee.by_email
                                        ELSE fee.on_paper END), 0) AS fee,
                      sum(item.interest) AS interest
                 FROM gym_dunning_evaluation item
                 LEFT JOIN (VALUES %(fees)s)
                      AS fee (company_id, currency_id, level_id, on_paper, by_email,
                              business)
                   ON fee.company_id = item.company_id
                  AND fee.currency_id = item.currency_id
                  AND fee.level_id = item.letter_level_id
                 LEFT JOIN (VALUES %(own_fees)s)
                      AS own_fee (company_id, currency_id, level_id, partner_id,
                                  person_id, on_paper, by_email, business)
                   ON own_fee.company_id = item.company_id
                  AND own_fee.currency_id = item.currency_id
                  AND own_fee.level_id = item.letter_level_id
                  AND own_fee.partner_id = item.partner_id
                  AND own_fee.person_id = item.person_id
                      %(addressee)s
                WHERE item.reason IS NULL AND item.letter_number IS NOT NULL
                GROUP BY item.company_id, item.partner_id, item.person_id,
                         item.currency_id, item.addressee_id, item.letter_level_id,
                         item.is_last_level""",
            fees=self._fees_sql(combinations),
            own_fees=self._own_fees_sql(combinations),
            **self._by_email_sql(combinations),
        )

    def _by_email_sql(self, combinations):
        """Return how it is told whether a letter goes by e-mail, as
        `_choose_channel` of reminders does: `addressee` to join, `by_email` to ask."""
        mailed = (
            self.env["gym.dunning.level"]
            .union(*(level for __, __, level in combinations))
            .filtered(lambda one: one.fee_product_id and one.mail_template_id)
        )
        if not mailed:
            return {"addressee": SQL(), "by_email": SQL("FALSE")}
        return {
            "addressee": SQL(
                "JOIN res_partner addressee ON addressee.id = item.addressee_id"
            ),
            "by_email": SQL(
                """(addressee.email_normalized IS NOT NULL
                    AND item.letter_level_id IN %s)""",
                tuple(mailed.ids),
            ),
        }

    def _fees_sql(self, combinations):
        """The fee of each company, currency and level that occurs: of consumers on
        paper and by e-mail, and of companies."""
        rows = [SQL("(0, 0, 0, 0::numeric, 0::numeric, 0::numeric)")]
        for company, currency, level in combinations:
            if self.env["gym.invoicing"]._has_rate(company, currency):
                fees = self.env["gym.dunning.fee"]._amounts(
                    level, company, currency, self.date
                )
                rows.append(self._fee_row(company.id, currency.id, level.id, *fees))
        return SQL(", ").join(rows)

    def _fee_row(self, *values):
        """Return ids, and three amounts at the end, as a row of SQL."""
        *ids, on_paper, by_email, business = values
        amounts = [SQL("%s::numeric", one) for one in (on_paper, by_email, business)]
        return SQL("(%s)", SQL(", ").join([*(SQL("%s", id) for id in ids), *amounts]))

    def _own_fees_sql(self, combinations):
        """The fees of those whose fiscal position changes the tax."""
        rows = [SQL("(0, 0, 0, 0, 0, 0::numeric, 0::numeric, 0::numeric)")]
        fee_model = self.env["gym.dunning.fee"]
        for company, currency, level in combinations:
            key = company.id, currency.id, level.id
            if self.env["gym.invoicing"]._has_rate(company, currency):
                found = fee_model._deviating(
                    lambda key=key: self._evaluated_debtors(*key),
                    level,
                    company,
                    currency,
                    self.date,
                )
                rows += [self._fee_row(*key, *debtor, *fees) for debtor, fees in found]
        return SQL(", ").join(rows)

    def _evaluated_debtors(self, company_id, currency_id, level_id):
        """Return the ids of (debtor, person) that letters are made for."""
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id, person_id FROM gym_dunning_evaluation
                    WHERE reason IS NULL AND company_id = %s AND currency_id = %s
                      AND letter_level_id = %s""",
                company_id,
                currency_id,
                level_id,
            )
        )

    def _evaluated_combinations(self):
        """Return what letters are made for: (company, currency, level)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT company_id, currency_id, letter_level_id
                     FROM gym_dunning_evaluation
                    WHERE reason IS NULL AND letter_level_id IS NOT NULL"""
            )
        )
        return [
            (
                self.env["res.company"].browse(company_id),
                self.env["res.currency"].browse(currency_id),
                self.env["gym.dunning.level"].browse(level_id),
            )
            for company_id, currency_id, level_id in rows
        ]

    def _insert_lines(self, only_missing_carried=False):
        """Store the items of each letter; at generation only credits and earlier
        fees that appeared since the estimate."""
        missing = SQL("TRUE")
        if only_missing_carried:
            missing = SQL(
                """item.kind <> 'item' AND EXISTS (
                       SELECT 1 FROM gym_dunning_reminder_line own
                        WHERE own.reminder_id = reminder.id
                          AND own.level_id IS NOT NULL)
                   AND NOT EXISTS (
                       SELECT 1 FROM gym_dunning_reminder_line line
                        WHERE line.reminder_id = reminder.id
                          AND line.move_line_id = item.move_line_id)"""
            )
        self.env.cr.execute(
            SQL(
                """INSERT INTO gym_dunning_reminder_line (
                       reminder_id, move_line_id, member_id, name, date_maturity,
                       amount_original, amount, days_overdue, level_before_id,
                       level_id, is_fee, amount_interest, interest_from,
                       interest_until, amount_lump_sum, state)
                   SELECT reminder.id, item.move_line_id, item.member_id, item.move_name,
                          item.date_maturity, item.amount_original, item.amount,
                          item.days_overdue, item.level_before_id, item.level_id,
                          item.kind = 'fee', item.interest, item.interest_from,
                          CASE WHEN item.interest > 0 THEN %(date)s END,
                          COALESCE(item.lump_sum, 0), 'proposed'
                     FROM gym_dunning_evaluation item
                     JOIN gym_dunning_reminder reminder
                       ON reminder.run_id = %(run)s AND reminder.state = 'proposed'
                      AND reminder.company_id = item.company_id
                      AND reminder.member_id = item.person_id
                      AND reminder.currency_id = item.currency_id
                    WHERE item.reason IS NULL AND %(missing)s""",
                run=self.id,
                date=self.date,
                missing=missing,
            )
        )

    def _insert_exclusions(self):
        self.env.cr.execute(
            SQL(
                """INSERT INTO gym_dunning_exclusion (run_id, company_id, partner_id,
                       member_id, move_line_id, currency_id, amount, reason)
                   SELECT %s, company_id, partner_id, member_id, move_line_id,
                          currency_id, amount, reason
                     FROM gym_dunning_evaluation
                    WHERE kind = 'item' AND reason IS NOT NULL""",
                self.id,
            )
        )

    def _has_proposals(self):
        return bool(self.reminder_ids)

    def _nobody_message(self):
        """Say that nobody is to be reminded, and why those left out were."""
        rows = self.env["gym.dunning.exclusion"]._read_group(
            [("run_id", "=", self.id)], ["reason"], ["__count"]
        )
        if not rows:
            return self.env._(
                "Nobody is to be reminded: no item is late by %s days or more.",
                self.min_days_overdue,
            )
        reasons = dict(
            self.env["gym.dunning.exclusion"]
            ._fields["reason"]
            ._description_selection(self.env)
        )
        return self.env._(
            "Nobody is to be reminded. Late items left out:\n%s",
            "\n".join(f"- {reasons[reason]}: {count}" for reason, count in rows),
        )

    # === THINNING OUT === #

    def _log_left_out(self, reminders, reason):
        """Note why these proposals are taken out."""
        self.env["gym.dunning.exclusion"].sudo().create(
            [
                {
                    "run_id": line.reminder_id.run_id.id,
                    "company_id": line.reminder_id.company_id.id,
                    "partner_id": line.reminder_id.partner_id.id,
                    "member_id": line.member_id.id,
                    "move_line_id": line.move_line_id.id,
                    "currency_id": line.reminder_id.currency_id.id,
                    "amount": line.amount,
                    "reason": reason,
                }
                for line in reminders.line_ids.filtered("level_id")
            ]
        )
