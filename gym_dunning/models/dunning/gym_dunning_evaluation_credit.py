from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from .credit_shares import Credit, Item, share

# The columns of an item that a share of a credit has, too; amounts and company differ.
COPIED = SQL(
    """id, move_id, partner_id, person_id, member_id, currency_id, days_overdue,
       date_maturity, date_arisen, kind, move_name, amount_original, is_business"""
)


class GymDunningEvaluation(models.AbstractModel):
    """Credits of a company count for its branches: one legal entity, one purse.

    Members pay into the holding's bank account what they owe a centre. Only runs of
    companies with branches get here; only persons with such a credit are looked at.
    """

    _inherit = "gym.dunning.evaluation"

    def _companies_above(self, run):
        """Return the companies whose credits count for the run's centres besides
        their own."""
        # sudo: whose branch a centre is, is no secret to who runs its reminders
        return run.company_ids.sudo().parent_ids - run.company_ids

    def _has_branches(self, run):
        # sudo: whose branch a centre is, is no secret here
        centres = run.company_ids.sudo()
        return bool(centres.parent_id or centres.child_ids)

    def _share_credits(self, run, items, proposed_in):
        """Store the items, each credit with the centre whose letter takes it.

        :param items: the query of the items, credits of the companies above included
        :return: the query that reads what was stored
        """
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS gym_dunning_shared"))
        cr.execute(
            SQL("CREATE TEMP TABLE gym_dunning_shared ON COMMIT DROP AS %s", items)
        )
        purses = self._purses(run)
        held = self._held_credits(run, purses, proposed_in)
        shares, seen = [], [0]
        for rows in purses.values():
            credits = [row for row in rows if row["kind"] == "credit"]
            seen += [row["id"] for row in credits]
            shares += self._shares_of(rows, credits, held)
        self._store_shares(run, seen, shares)
        cr.execute(SQL("ANALYZE gym_dunning_shared"))
        return SQL("SELECT * FROM gym_dunning_shared")

    def _purses(self, run):
        """Return credits and remindable items of those who have a credit that may
        count elsewhere, by person and currency."""
        # sudo: whose branch a centre is, is no secret here
        companies = run.company_ids.sudo()
        wide = (companies | companies.parent_ids).filtered("child_ids")
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, company_id, person_id, currency_id, kind, date_maturity,
                          amount_residual, amount_residual_company
                     FROM gym_dunning_shared
                    WHERE (kind = 'credit' OR kind = 'item' AND item_reason IS NULL)
                      AND (person_id, currency_id) IN (
                          SELECT person_id, currency_id FROM gym_dunning_shared
                           WHERE kind = 'credit' AND company_id IN %s)""",
                tuple(wide.ids or [0]),
            )
        )
        purses = defaultdict(list)
        for row in rows:
            purses[row["person_id"], row["currency_id"]].append(row)
        return purses

    def _held_credits(self, run, purses, proposed_in):
        """Return what other letters under way have taken of these credits, by credit
        and company: proposals, and issued letters whose deadline runs."""
        ids = [row["id"] for rows in purses.values() for row in rows]
        rows = self.env.execute_query(
            SQL(
                """SELECT line.move_line_id, reminder.company_id, max(-line.amount)
                     FROM gym_dunning_reminder_line line
                     JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                    WHERE line.move_line_id = ANY(%s) AND line.amount < 0
                      AND (reminder.state = 'proposed' OR reminder.state = 'issued'
                           AND reminder.date_due >= %s)
                      AND reminder.id <> ALL(%s)
                    GROUP BY line.move_line_id, reminder.company_id""",
                ids,
                run.date,
                (proposed_in.ids if proposed_in is not None else []) or [0],
            )
        )
        held = defaultdict(dict)
        for move_line_id, company_id, amount in rows:
            held[move_line_id][company_id] = _decimal(amount)
        return held

    def _shares_of(self, rows, credits, held):
        """Yield (credit, company, amount, amount in company currency) of one purse."""
        items = [
            Item(
                row["id"],
                row["company_id"],
                self._own_first(row["company_id"]),
                _decimal(row["amount_residual"]),
                row["date_maturity"],
            )
            for row in rows
            if row["kind"] == "item"
        ]
        by_id = {row["id"]: row for row in credits}
        shares = share(
            items,
            [
                Credit(
                    row["id"],
                    row["company_id"],
                    -_decimal(row["amount_residual"]),
                    row["date_maturity"],
                    held[row["id"]],
                )
                for row in credits
            ],
        )
        for (credit_id, company_id), amount in shares.items():
            whole = by_id[credit_id]
            ratio = amount / _decimal(whole["amount_residual"])
            in_company = ratio * _decimal(whole["amount_residual_company"])
            currency = self.env["res.company"].browse(company_id).sudo().currency_id
            yield credit_id, company_id, -amount, -currency.round(float(in_company))

    def _own_first(self, company_id):
        """Return the company and those above it, the nearest first."""
        # sudo: whose branch a centre is, is no secret here
        company = self.env["res.company"].sudo().browse(company_id)
        return list(reversed([int(id) for id in company.parent_path.split("/") if id]))

    def _store_shares(self, run, seen, shares):
        """Put the shares in the place of the whole credits.

        :param seen: ids of the credits that were shared; all others of companies
            above the run's count for nobody in it
        """
        values = SQL(", ").join(
            SQL("(%s, %s, %s::numeric, %s::numeric)", *one)
            for one in [(0, 0, 0, 0), *shares]
        )
        self.env.cr.execute(
            SQL(
                """WITH whole AS (
                       DELETE FROM gym_dunning_shared
                        WHERE kind = 'credit'
                          AND (id = ANY(%(seen)s) OR company_id NOT IN %(companies)s)
                       RETURNING *)
                   INSERT INTO gym_dunning_shared (%(copied)s, company_id,
                          amount_residual, amount_residual_company)
                   SELECT %(copied)s, part.company_id, part.amount, part.in_company
                     FROM whole
                     JOIN (VALUES %(shares)s)
                          AS part (credit_id, company_id, amount, in_company)
                       ON part.credit_id = whole.id
                    WHERE part.company_id IN %(companies)s""",
                seen=seen,
                companies=tuple(run.company_ids.ids),
                copied=COPIED,
                shares=values,
            )
        )


def _decimal(amount):
    return Decimal(str(amount))
