from collections import Counter, defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import names_of

# A bank's clock may be a day ahead; a day after that is a mistake in its file, and
# would let the books look fresh for ever.
DAYS_AHEAD = 2
# Who leaves a line of a statement open for longer does not reconcile them: Odoo
# Community has no screen for it.
DAYS_OPEN = 90


class Bank(NamedTuple):
    """How far the bookings of a bank are known: its journal, the day of the newest
    one, and how long ago that is, in days and in days on which banks work."""

    journal: models.BaseModel
    day: object
    days_old: int
    working_days: int


class GymBankBooks(models.AbstractModel):
    """How far the books go: until when the bank's bookings are known, and what of the
    money that came in is nobody's yet.

    Nothing is stored: it is read from Odoo's statement lines, whoever imported them,
    and from what the rooms above read of the bank. A centre's money comes in on its own
    banks and on those of the companies above it.
    """

    _name = "gym.bank.books"
    _description = "State of the Books"

    # === HOW FAR === #

    @api.model
    def _journals(self, companies):
        """Return the bank journals that money for these companies comes in on; an
        archived one is the end of its bank."""
        # sudo: a centre's money may come in at the holding's bank, out of its sight
        above = companies.sudo().parent_ids
        return (
            self.env["account.journal"]
            .sudo()
            .search(
                Domain("type", "=", "bank")
                & Domain("active", "=", True)
                & Domain("company_id", "in", above.ids)
            )
        )

    @api.model
    def _banks(self, companies):
        """Return a `Bank` for each that is watched and of which any booking is known,
        the one that is known least far first."""
        journals = self._journals(companies).filtered("gym_is_watched")
        days = self._newest_days(journals)
        banks = [
            self._bank(journal, days[journal.id])
            for journal in journals
            if journal.id in days
        ]
        return sorted(banks, key=lambda bank: bank.day)

    @api.model
    def _bank(self, journal, day):
        company = journal.company_id
        today = self._today(company)
        holidays = self.env["gym.bank.holiday"]
        calendar = holidays._calendar_of(company._gym_country())
        return Bank(
            journal,
            day,
            max((today - day).days, 0),
            holidays._working_days(day, today, calendar),
        )

    @api.model
    def _today(self, company):
        # a program that calls from outside gives a text
        asked = fields.Date.to_date(self.env.context.get("dunning_date"))
        return asked or company._gym_today(self.env.user)

    @api.model
    def _newest_days(self, journals):
        """Return the day of the newest booking that is known of each journal, by its
        id; those without any are left out. Rooms know of more."""
        # sudo: how far the books go, not what stands in them
        lines = self.env["account.bank.statement.line"].sudo()
        groups = lines._read_group(
            Domain("journal_id", "in", journals.ids)
            & Domain("move_id.state", "=", "posted")
            & self._until_domain("date", journals.company_id),
            ["journal_id"],
            ["date:max"],
        )
        return {journal.id: day for journal, day in groups}

    @api.model
    def _until_domain(self, name, companies):
        """Return the domain of what is not of a day to come."""
        today = max((self._today(one) for one in companies), default=None)
        if not today:
            return Domain.FALSE
        return Domain(name, "<=", today + timedelta(DAYS_AHEAD))

    # === NOBODY'S YET === #

    @api.model
    def _waiting_sql(self, companies):
        """Return the money that came in for these companies and is not assigned, a row
        each: `kind` and `id`, `company_id` and `parent_path` of the bank, `day`,
        `amount`, `currency_id`, and whose it may be: `person_id`, `account` and `payer`
        as the bank names them, or the items that it was found to pay, `item_ids`."""
        self.env.flush_all()
        journals = self._journals(companies)
        return SQL(
            """SELECT money.*, creditor.id AS company_id, creditor.parent_path
                 FROM (%s) money
                 JOIN account_journal journal ON journal.id = money.journal_id
                 JOIN res_company creditor ON creditor.id = journal.company_id
                WHERE money.journal_id = ANY(%s)""",
            SQL(" UNION ALL ").join(self._waiting_parts(companies)),
            journals.ids,
        )

    @api.model
    def _waiting_parts(self, companies):
        """Return a SELECT for each kind of money that waits; rooms add theirs."""
        # sudo: how much waits, at the holding's bank, too
        lines = self.env["account.bank.statement.line"].sudo()
        return [
            SQL(
                """SELECT 'statement' AS kind, line.id, line.journal_id,
                          move.date AS day, line.amount, line.currency_id,
                          line.partner_id AS person_id,
                          upper(regexp_replace(line.account_number, '[^[:alnum:]]', '', 'g'))
                              AS account,
                          line.partner_name AS payer, ARRAY[]::int[] AS item_ids
                     FROM account_bank_statement_line line
                     JOIN account_move move ON move.id = line.move_id
                    WHERE line.id IN %s""",
                lines._search(self._waiting_lines_domain(companies)).subselect(),
            )
        ]

    @api.model
    def _waiting_lines_domain(self, companies):
        """Return which lines of statements are nobody's money yet, for their figure and
        for their list; rooms know of some whose they are."""
        since = min((self._today(one) for one in companies), default=None)
        if not since:
            return Domain.FALSE
        return (
            Domain("journal_id", "in", self._journals(companies).ids)
            & Domain("is_reconciled", "=", False)
            & Domain("amount", ">", 0)
            & Domain("move_id.state", "=", "posted")
            & Domain("date", ">=", since - timedelta(DAYS_OPEN))
        )

    @api.model
    def _count_waiting(self, companies):
        """Return how much money waits to be assigned, by its kind."""
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, count(*) FROM (%s) waiting GROUP BY kind",
                self._waiting_sql(companies),
            )
        )
        return Counter(dict(rows))

    @api.model
    def _maybe_paid_sql(self, letters, companies):
        """Return which letters (`letter_id`) money that waits may be for, with its
        `day`, `amount` and `currency_id`.

        What was found to pay certain items is about their letter only. Of the rest it is
        asked who is known to have that account, or bears that name: whoever the letter
        is for, about or sent to.

        :param letters: SQL, the ids of the letters to look at
        """
        return SQL(
            """WITH money AS MATERIALIZED (%(waiting)s),
                    letter AS MATERIALIZED (
                        SELECT reminder.id, centre.parent_path, reminder.partner_id,
                               reminder.member_id, reminder.addressee_id
                          FROM gym_dunning_reminder reminder
                          JOIN res_company centre ON centre.id = reminder.company_id
                         WHERE reminder.id IN (%(letters)s)),
                    person AS MATERIALIZED (
                        SELECT id AS letter_id, parent_path,
                               unnest(ARRAY[partner_id, member_id, addressee_id]) AS id
                          FROM letter
                        UNION SELECT letter.id, letter.parent_path, line.member_id
                          FROM letter
                          JOIN gym_dunning_reminder_line line
                            ON line.reminder_id = letter.id),
                    item AS MATERIALIZED (
                        SELECT kind, id, unnest(item_ids) AS move_line_id FROM money),
                    %(payers)s,
                    found AS (
                        SELECT item.kind, item.id, line.reminder_id AS letter_id
                          FROM item
                          JOIN gym_dunning_reminder_line line
                            ON line.move_line_id = item.move_line_id
                          JOIN letter ON letter.id = line.reminder_id
                        UNION SELECT payer.kind, payer.id, person.letter_id
                          FROM payer
                          JOIN person ON person.id = payer.person_id
                           AND person.parent_path LIKE payer.parent_path || '%%')
               SELECT found.letter_id, money.day, money.amount, money.currency_id
                 FROM found
                 JOIN money ON money.kind = found.kind AND money.id = found.id
                ORDER BY found.letter_id, money.day DESC, money.id""",
            waiting=self._waiting_sql(companies),
            letters=letters,
            payers=self._payers_sql(companies),
        )

    @api.model
    def _payers_sql(self, companies):
        """Return the table `payer` of who may have sent the `money` that was not found to
        pay anything: the contact that is named, who has the account, and who bears the
        name."""
        return SQL(
            """free AS MATERIALIZED (
                   SELECT kind, id, parent_path, person_id, account
                     FROM money WHERE item_ids = '{}'),
               payer AS (
                   SELECT kind, id, parent_path, person_id
                     FROM free WHERE person_id IS NOT NULL
                   UNION SELECT free.kind, free.id, free.parent_path, bank.partner_id
                     FROM free
                     JOIN res_partner_bank bank
                       ON upper(bank.sanitized_acc_number) = free.account AND bank.active
                   UNION SELECT free.kind, free.id, free.parent_path, named.person_id
                     FROM free
                     JOIN unnest(%s::text[], %s::int[], %s::int[])
                          AS named (kind, id, person_id)
                       ON named.kind = free.kind AND named.id = free.id)""",
            *self._bearers(companies),
        )

    @api.model
    def _bearers(self, companies):
        """Return who bears the name of money that waits, as three lists: its kinds, its
        ids, and the ids of contacts.

        Asked apart: as one statement with the rest, all contacts might be read for
        each of the names.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, id, payer FROM (%s) money WHERE payer IS NOT NULL",
                self._waiting_sql(companies),
            )
        )
        by_name = defaultdict(list)
        for kind, id, payer in rows:
            for name in names_of(payer):
                by_name[name].append((kind, id))
        persons = self.env.execute_query(
            SQL(
                "SELECT id, lower(name) FROM res_partner WHERE lower(name) = ANY(%s)",
                list(by_name),
            )
        )
        found = [(*one, person) for person, name in persons for one in by_name[name]]
        return [list(column) for column in zip(*found, strict=True)] or [[], [], []]

    # === WHERE IT IS WORKED === #

    @api.model
    def _waiting_action(self, companies):
        """Return the action that lists what waits to be assigned, most of it first."""
        return self._statement_action(companies)

    @api.model
    def _statement_action(self, companies):
        """Return the action that lists the lines of statements that are open."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.account_bank_statement_line_action_waiting"
        )
        return dict(action, domain=list(self._waiting_lines_domain(companies)))

    @api.model
    def _import_action(self):
        """Return the action that reads the bank's file, where a room has one."""
        return
