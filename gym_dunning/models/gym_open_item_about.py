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

    def _person_sql(self):
        """Who is written to: the member invoiced, else the debtor."""
        return SQL("COALESCE(%s, aml.partner_id)", self._invoiced_member_sql())

    def _invoiced_member_sql(self, line=LINE, move=MOVE, partner=PARTNER):
        """The member who was invoiced as a contact of the debtor, a company or a
        parent; NULL where the debtor himself was.

        An invoice address is its owner's. Entries name the contact on their line,
        the entry of a reminder's fee by the reminder's number.

        :param line, move, partner: aliases of the journal item, its document and
            its partner
        """
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
               WHEN %(move)s.move_type = 'entry' AND %(line)s.balance > 0 THEN (
                   SELECT fee.member_id FROM gym_dunning_reminder fee
                    WHERE fee.fee_move_id = %(move)s.id AND fee.name = %(line)s.name
                      AND fee.partner_id = %(line)s.partner_id
                      AND fee.member_id <> fee.partner_id LIMIT 1)
               END""",
            line=line,
            move=move,
            partner=partner,
        )

    def _same_debtor_sql(self):
        """Whether a `reminder` was made with who owes the item now.

        A journal item that changes hands starts anew. Merging contacts keeps its
        history, and so does a member who becomes, or is no more, a contact of
        somebody: the letters were about him.
        """
        return SQL(
            "(reminder.partner_id = aml.partner_id OR reminder.member_id = %s)",
            self._person_sql(),
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
        the debtor: the one that stops most."""
        return SQL(
            """(SELECT %(column)s
                  FROM res_partner about
                  JOIN gym_client_status status ON status.id = about.client_status_id
                 WHERE about.id IN (%(member)s, %(person)s, aml.partner_id)
                   AND (about.client_status_until IS NULL
                        OR about.client_status_until >= %(date)s)
                 ORDER BY COALESCE(status.at_agency, FALSE) DESC,
                          COALESCE(status.stops_reminders, FALSE) DESC,
                          about.id <> %(member)s LIMIT 1)""",
            column=column,
            member=self._member_sql(),
            person=self._person_sql(),
            date=self._date_sql(),
        )
