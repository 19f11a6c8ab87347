from odoo import models
from odoo.tools import SQL

# The aliases of the ledger's query.
LINE, MOVE, PARTNER = SQL("aml"), SQL("move"), SQL("partner")


class GymOpenItem(models.Model):
    """Whom an item is about, and whose statuses and history count for it.

    Every method returns one scalar expression over the ledger's rows: who does not
    ask for it does not pay for it.
    """

    _inherit = "gym.open.item"

    def _person(self):
        """Return who is written to: the member invoiced, else the debtor."""
        self.ensure_one()
        return self.invoiced_member_id or self.partner_id

    def _persons(self):
        """Return who is written to about these items."""
        return self.env["res.partner"].union(*(item._person() for item in self))

    def _person_sql(self):
        """Who is written to: the member invoiced, else the debtor."""
        return SQL("COALESCE(%s, aml.partner_id)", self._invoiced_member_sql())

    def _invoiced_member_sql(self, line=LINE, move=MOVE, partner=PARTNER):
        """The member who was invoiced as a contact of the debtor, a company or a
        parent; NULL where the debtor himself was.

        An invoice address is its owner's. Entries name the contact on their line,
        the entry of a reminder's fee by the reminder's number; the line is looked up
        for it, so that other items need not be read beyond the index of what is open.

        :param line, move, partner: aliases of the journal item, its document and
            its partner
        """
        if not self._may_have("member_contacts"):
            return SQL("NULL::int")
        return SQL(
            """CASE WHEN %(partner)s.commercial_partner_id <> %(partner)s.id THEN
                   CASE WHEN %(partner)s.member_status_id IS NOT NULL
                        THEN %(partner)s.id END
               WHEN %(move)s.partner_id <> %(line)s.partner_id THEN (
                   SELECT CASE WHEN invoiced.member_status_id IS NOT NULL
                               THEN invoiced.id
                               WHEN owner.member_status_id IS NOT NULL
                                AND owner.id <> %(line)s.partner_id THEN owner.id END
                     FROM res_partner invoiced
                     LEFT JOIN res_partner owner ON owner.id = invoiced.parent_id
                    WHERE invoiced.id = %(move)s.partner_id
                      AND invoiced.commercial_partner_id = %(line)s.partner_id)
               WHEN %(move)s.move_type = 'entry' THEN (
                   SELECT fee.member_id FROM gym_dunning_reminder fee
                     JOIN account_move_line claim
                       ON claim.move_id = fee.fee_move_id AND claim.name = fee.name
                    WHERE fee.fee_move_id = %(move)s.id AND claim.id = %(line)s.id
                      AND claim.balance > 0 AND fee.partner_id = %(line)s.partner_id
                      AND fee.member_id <> fee.partner_id LIMIT 1)
               END""",
            line=line,
            move=move,
            partner=partner,
        )

    # === HISTORY === #

    def _last_reminder_join(self):
        """The last issued reminder that raised the item's level, of this debtor, as a
        join `last`; over all items the last of any debtor."""
        if not self._is_whole():
            return SQL("LATERAL %s last ON TRUE", self._last_reminder_sql())
        return SQL(
            """(SELECT DISTINCT ON (line.move_line_id) line.move_line_id AS item_id,
                      reminder.partner_id, line.level_id, reminder.id AS reminder_id,
                      reminder.date_due, reminder.delivery_state
                 FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                WHERE line.level_id IS NOT NULL AND reminder.state = 'issued'
                ORDER BY line.move_line_id, reminder.date DESC, reminder.id DESC
              ) last ON last.item_id = aml.id"""
        )

    def _last_sql(self, name):
        """A column of the last reminder. Over all items, those that somebody else was
        reminded of last, as after contacts were merged, are looked up again."""
        column = SQL.identifier("last", name)
        if not self._is_whole():
            return column
        return SQL(
            """CASE WHEN last.partner_id = aml.partner_id THEN %s
                    WHEN last.partner_id IS NOT NULL THEN (SELECT one.%s FROM %s one)
               END""",
            column,
            SQL.identifier(name),
            self._last_reminder_sql(),
        )

    def _last_reminder_sql(self):
        return SQL(
            """(SELECT line.level_id, reminder.id AS reminder_id,
                       reminder.date_due, reminder.delivery_state
                  FROM gym_dunning_reminder_line line
                  JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 WHERE line.move_line_id = aml.id AND line.level_id IS NOT NULL
                   AND reminder.state = 'issued' AND %s
                 ORDER BY reminder.date DESC, reminder.id DESC LIMIT 1)""",
            self._same_debtor_sql(),
        )

    def _sent_column(self):
        """Reminders of the item that reached the member, by any channel (S-07). Over
        all items, those of more than one debtor are counted again."""
        one_by_one = self._sent_count_sql()
        if self._is_whole():
            one_by_one = SQL(
                """CASE WHEN sent.item_id IS NULL THEN 0
                        WHEN sent.first_id = aml.partner_id
                         AND sent.last_id = aml.partner_id THEN sent.count
                        ELSE %s END""",
                one_by_one,
            )
        return SQL("%s AS sent_count", one_by_one)

    def _sent_join(self):
        return SQL(
            """(SELECT line.move_line_id AS item_id, count(*) AS count,
                      min(reminder.partner_id) AS first_id,
                      max(reminder.partner_id) AS last_id
                 FROM %s GROUP BY line.move_line_id) sent ON sent.item_id = aml.id""",
            self._delivered_sql(),
        )

    def _sent_count_sql(self):
        return SQL(
            "(SELECT count(*) FROM %s AND line.move_line_id = aml.id AND %s)",
            self._delivered_sql(),
            self._same_debtor_sql(),
        )

    def _delivered_sql(self):
        return SQL(
            """gym_dunning_reminder_line line
                  JOIN gym_dunning_reminder reminder ON reminder.id = line.reminder_id
                 WHERE line.level_id IS NOT NULL AND reminder.state = 'issued'
                   AND reminder.delivery_state IN ('sent', 'printed')"""
        )

    def _same_debtor_sql(self):
        """Whether a `reminder` was made with who owes the item now.

        A journal item that changes hands starts anew. Merging contacts keeps its
        history, and so does a member who becomes, or is no more, a contact of
        somebody: the letters were about him.
        """
        return SQL(
            "(reminder.partner_id = aml.partner_id OR reminder.member_id = %s)",
            self._person_of_item_sql(),
        )

    def _person_of_item_sql(self):
        """Who is written to, by the id of the journal item: asked of few items, it does
        not make all of them be joined with their documents and partners, nor be read
        beyond the index of what is open."""
        if not self._may_have("member_contacts"):
            return SQL("aml.partner_id")
        return SQL(
            """(SELECT COALESCE(%s, owed.partner_id)
                  FROM account_move_line owed
                  JOIN account_move document ON document.id = owed.move_id
                  JOIN res_partner payer ON payer.id = owed.partner_id
                 WHERE owed.id = aml.id)""",
            self._invoiced_member_sql(SQL("owed"), SQL("document"), SQL("payer")),
        )

    # === STATUSES === #

    def _member_status_sql(self):
        return SQL(
            "(SELECT about.member_status_id FROM res_partner about WHERE about.id = %s)",
            self._member_sql(),
        )

    def _client_status_sql(self):
        return self._client_sql(SQL("status.id"))

    def _stopped_by_sql(self):
        return self._client_sql(
            SQL(
                """CASE WHEN status.at_agency THEN 'at_agency'
                        WHEN status.stops_reminders THEN 'client_paused' END"""
            )
        )

    def _client_sql(self, column):
        """Of the client statuses in force of the member, of who is written to and of
        the debtor: the one that stops most. Who has one is looked up once, and kept as
        a hash: most have none."""
        return SQL(
            """CASE WHEN aml.partner_id IN (%(given)s) OR %(member)s IN (%(given)s)
                      OR %(person)s IN (%(given)s) THEN (
                SELECT %(column)s
                  FROM (SELECT %(member)s AS member_id, %(person)s AS person_id
                       OFFSET 0) whose
                  JOIN res_partner about
                    ON about.id = ANY(ARRAY[
                       whose.member_id, whose.person_id, aml.partner_id])
                  JOIN gym_client_status status ON status.id = about.client_status_id
                 WHERE (about.client_status_until IS NULL
                        OR about.client_status_until >= %(date)s)
                 ORDER BY COALESCE(status.at_agency, FALSE) DESC,
                          COALESCE(status.stops_reminders, FALSE) DESC,
                          about.id <> whose.member_id LIMIT 1) END""",
            given=SQL("SELECT id FROM res_partner WHERE client_status_id IS NOT NULL"),
            column=column,
            member=self._member_sql(),
            person=self._person_sql(),
            date=self._date_sql(),
        )
