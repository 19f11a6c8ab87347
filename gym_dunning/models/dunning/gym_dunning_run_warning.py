from odoo import models
from odoo.tools import SQL

from ...tools import born_by, born_by_sql


class GymDunningRun(models.Model):
    """What to look at before generating, told per proposal."""

    _inherit = "gym.dunning.run"

    def _write_warnings(self, is_whole):
        """Tell what to look at before generating, per proposal just evaluated.

        The texts are in the language of who estimates: they are notes for him.
        """
        only = SQL("TRUE")
        if not is_whole:
            only = SQL(
                """(reminder.company_id, reminder.member_id, reminder.currency_id) IN (
                       SELECT company_id, person_id, currency_id
                         FROM gym_dunning_evaluation)"""
            )
        # one pass over the run's rows: joined with themselves they cost a minute,
        # while the statistics do not know the new run yet
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder reminder SET warning = NULLIF(%(text)s, '')
                     FROM res_partner person
                    WHERE person.id = reminder.member_id
                      AND reminder.run_id = %(run)s
                      AND reminder.state = 'proposed' AND %(only)s
                      AND COALESCE(reminder.warning, '') <> %(text)s""",
                text=SQL("concat_ws('; ', %s)", SQL(", ").join(self._warning_parts())),
                run=self.id,
                only=only,
            )
        )
        if self._has_credits():
            self._warn_of_credits()

    def _has_credits(self):
        ((found,),) = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM gym_dunning_evaluation WHERE kind = 'credit')"
            )
        )
        return found

    def _warning_parts(self):
        """Return one SQL expression per kind of warning, NULL where it is fine."""
        yield SQL(
            """CASE WHEN person.birthdate_date IS NULL
                     AND NOT COALESCE(person.is_company, FALSE) THEN %s END""",
            self.env._("birth date missing"),
        )
        yield SQL(
            "CASE WHEN NOT person.active THEN %s END", self.env._("member archived")
        )
        yield SQL(
            "CASE WHEN %s THEN %s END",
            self._from_minority_sql(),
            self.env._("debt from when they were a minor"),
        )
        yield self._draft_credit_sql()
        combinations = self._evaluated_combinations()
        yield from self._company_warnings(combinations)
        yield from self._cost_warnings(combinations)
        yield from self._payment_warnings(combinations)

    def _from_minority_sql(self):
        """Whether a debt arose before the person, of age now, came of age.

        Most are older than that on the day the oldest debt of the run arose.
        """
        return SQL(
            """(person.birthdate_date <= %(born_by)s
                AND person.birthdate_date > (
                    SELECT %(born_by_oldest)s FROM (
                        SELECT min(date_arisen) AS day FROM gym_dunning_evaluation
                         WHERE kind = 'item') oldest)
                AND EXISTS (
                    SELECT FROM gym_dunning_reminder_line line
                      JOIN account_move_line aml ON aml.id = line.move_line_id
                      JOIN account_move move ON move.id = aml.move_id
                     WHERE line.reminder_id = reminder.id AND line.level_id IS NOT NULL
                       AND person.birthdate_date > %(born_by_then)s))""",
            born_by_oldest=born_by_sql(SQL("oldest.day")),
            born_by_then=born_by_sql(SQL("COALESCE(move.invoice_date, aml.date)")),
            born_by=born_by(self.date),
        )

    def _draft_credit_sql(self):
        """A credit note of the person that is not posted yet."""
        owned = self.env["gym.open.item"]._invoiced_member_sql(
            SQL("owed"), SQL("refund"), SQL("debtor")
        )
        return SQL(
            """(SELECT %(text)s || ' ' || %(amount)s
                  FROM account_move refund
                  JOIN res_currency currency ON currency.id = refund.currency_id
                  JOIN res_partner debtor ON debtor.id = refund.commercial_partner_id
                 CROSS JOIN LATERAL (
                       SELECT NULL::int AS id, debtor.id AS partner_id) owed
                 WHERE refund.commercial_partner_id = reminder.partner_id
                   AND refund.company_id = reminder.company_id
                   AND refund.currency_id = reminder.currency_id
                   AND refund.move_type = 'out_refund' AND refund.state = 'draft'
                   AND COALESCE(%(owned)s, debtor.id) = reminder.member_id
                 GROUP BY currency.id)""",
            text=self.env._("draft credit note"),
            amount=self._amount_sql(SQL("sum(refund.amount_total)")),
            owned=owned,
        )

    def _amount_sql(self, amount):
        """Return an amount of the joined `currency` as text."""
        return SQL(
            """to_char(%s, 'FM999999999990' || CASE WHEN currency.decimal_places > 0
                   THEN '.' || repeat('0', currency.decimal_places) ELSE '' END)
               || ' ' || currency.name""",
            amount,
        )

    def _warn_of_credits(self):
        """Name credits that a letter does not take off: in another currency, and
        those of the company or parent whose contact is written to."""
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder reminder
                      SET warning = concat_ws('; ', reminder.warning, told.text)
                     FROM (%(credits)s) told
                    WHERE reminder.run_id = %(run)s AND reminder.state = 'proposed'
                      AND reminder.company_id = told.company_id
                      AND reminder.member_id = told.person_id
                      AND reminder.currency_id = told.currency_id""",
                credits=self._credits_to_tell_sql(),
                run=self.id,
            )
        )

    def _credits_to_tell_sql(self):
        """Return the texts by letter. Whose they are is asked of the evaluation, whose
        statistics are known."""
        return SQL(
            """WITH credit AS MATERIALIZED (
                   SELECT company_id, person_id, currency_id, -sum(amount) AS amount
                     FROM gym_dunning_evaluation WHERE kind = 'credit'
                    GROUP BY company_id, person_id, currency_id),
               pair AS (
                   SELECT DISTINCT letter.company_id, letter.person_id,
                          letter.currency_id, credit.currency_id AS credit_currency_id,
                          credit.company_id AS purse_id, credit.amount, %(own)s AS text
                     FROM credit
                     JOIN gym_dunning_evaluation letter
                       ON letter.person_id = credit.person_id
                      AND letter.currency_id <> credit.currency_id
                    WHERE letter.kind = 'item' AND letter.reason IS NULL
                   UNION ALL
                   SELECT DISTINCT letter.company_id, letter.person_id,
                          letter.currency_id, credit.currency_id, credit.company_id,
                          credit.amount, %(above)s || ' ' || debtor.name
                     FROM credit
                     JOIN gym_dunning_evaluation letter
                       ON letter.partner_id = credit.person_id
                      AND letter.person_id <> letter.partner_id
                     JOIN res_partner debtor ON debtor.id = letter.partner_id
                    WHERE letter.kind = 'item' AND letter.reason IS NULL)
               SELECT pair.company_id, pair.person_id, pair.currency_id,
                      string_agg(pair.text || ': ' || %(amount)s, '; '
                                 ORDER BY pair.text, currency.name) AS text
                 FROM pair
                 JOIN res_currency currency ON currency.id = pair.credit_currency_id
                 JOIN res_company centre ON centre.id = pair.company_id
                 JOIN res_company purse ON purse.id = pair.purse_id
                WHERE centre.parent_path LIKE purse.parent_path || '%%'
                GROUP BY pair.company_id, pair.person_id, pair.currency_id""",
            own=self.env._("credit in another currency"),
            above=self.env._("credit not deducted, of"),
            amount=self._amount_sql(SQL("pair.amount")),
        )

    def _company_warnings(self, combinations):
        """Return what concerns all letters of a company.

        :param combinations: see `_evaluated_combinations`
        """
        payment = self.env["gym.dunning.payment"]
        without_bank = self.company_ids.filtered(
            lambda company: not payment._bank_account(company)
        )
        yield self._warn_companies(
            without_bank, SQL("TRUE"), self.env._("no bank account to pay to")
        )
        for company, currency, __ in combinations:
            if not self.env["gym.invoicing"]._has_rate(company, currency):
                yield self._warn_companies(
                    company,
                    SQL("reminder.currency_id = %s", currency.id),
                    self.env._("no exchange rate for %s", currency.name),
                )

    def _warn_companies(self, companies, condition, text):
        return SQL(
            "CASE WHEN reminder.company_id IN %s AND %s THEN %s END",
            tuple(companies.ids or [0]),
            condition,
            text,
        )

    # === PAYMENT === #
    # Proposals that could not be paid as easily as they should, told beforehand.

    def _payment_warnings(self, combinations):
        """Return what keeps letters of a company and currency from being paid easily."""
        payment = self.env["gym.dunning.payment"]
        pairs = {(company, currency) for company, currency, __ in combinations}
        for company, currency in sorted(
            pairs, key=lambda pair: (pair[0].id, pair[1].id)
        ):
            of_currency = SQL("reminder.currency_id = %s", currency.id)
            bank = payment._bank_account(company, currency)
            if not bank and payment._bank_account(company):
                yield self._warn_companies(
                    company,
                    of_currency,
                    self.env._("no bank account in %s to pay to", currency.name),
                )
            elif bank and payment._has_swiss_code_only(company, currency):
                yield from self._swiss_warnings(company, of_currency, bank)

    def _swiss_warnings(self, company, of_currency, bank):
        """A Swiss code needs both addresses whole; without them the letter has none."""
        payment = self.env["gym.dunning.payment"]
        if not payment._is_whole_address(bank.partner_id):
            yield self._warn_companies(
                company,
                of_currency,
                self.env._(
                    "no payment QR code: the address of the creditor is incomplete"
                ),
            )
        else:
            yield self._warn_companies(
                company,
                SQL("%s AND NOT %s", of_currency, payment._swiss_payer_sql()),
                self.env._(
                    "no payment QR code: the addressee needs a complete address in "
                    "Switzerland or Liechtenstein"
                ),
            )
