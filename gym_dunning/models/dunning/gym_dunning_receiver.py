from odoo import api, models
from odoo.tools import SQL

from ...tools import born_by_sql

# How a postal or e-mail address is known to be there.
ADDRESS = ("email", "street", "zip", "city")


class GymDunningReceiver(models.AbstractModel):
    """Who gets a letter: whoever may get it, is known for it, and can be reached.

    Guardian of a minor, payment contact, the invoice address that got the invoice,
    the oldest invoice address, himself: the first of these with an address. A minor's
    letter goes to nobody below his guardians but a payment contact or invoice address
    that has a name of its own, and never to himself.
    """

    _name = "gym.dunning.receiver"
    _description = "Receiver of a Reminder"

    @api.model
    def _receiver_sql(self, date):
        """Return a subquery of one row for `person` and `summed`: `id`, whether an
        address is known, and whether a minor has a guardian; none for the many who
        are written to themselves.
        """
        return SQL(
            """SELECT ranked.id, ranked.has_address,
                      bool_or(ranked.rank <= 2) OVER () AS has_guardian
                 FROM (SELECT contact.id, %(has_address)s AS has_address,
                              %(rank)s AS rank
                         FROM res_partner contact
                        WHERE %(is_special)s AND contact.id = ANY(%(candidates)s)
                          AND (contact.active OR contact.id = person.id)) ranked
                WHERE ranked.rank IS NOT NULL
                ORDER BY ranked.has_address DESC, ranked.rank, ranked.id LIMIT 1""",
            has_address=self._has_address_sql(SQL("contact")),
            rank=self._rank_sql(date),
            is_special=self._is_special_sql(date),
            candidates=self._candidates_sql(),
        )

    @api.model
    def _candidates_sql(self):
        """Return all who may come into question, as an array of ids."""
        return SQL(
            """(ARRAY[person.id, person.parent_id, person.payment_contact_id]
                || ARRAY%s
                || ARRAY(SELECT child.id FROM res_partner child
                          WHERE child.parent_id = person.id AND child.type = 'invoice'))""",
            self._guardians_sql(),
        )

    @api.model
    def _guardians_sql(self):
        return SQL(
            """(SELECT rel.guardian_id FROM gym_partner_guardian_rel rel
                 WHERE rel.partner_id = person.id)"""
        )

    @api.model
    def _rank_sql(self, date):
        """Return the place of a `contact` in the order; NULL: not for this person."""
        return SQL(
            """CASE
                WHEN %(is_minor)s AND contact.id = ANY(ARRAY%(guardians)s) THEN 1
                WHEN %(is_minor)s AND contact.id = person.parent_id
                 AND contact.is_company IS NOT TRUE THEN 2
                WHEN contact.id = person.payment_contact_id THEN 3
                WHEN contact.parent_id = person.id AND contact.type = 'invoice'
                 AND (NOT %(is_minor)s OR contact.name <> '') THEN
                     CASE WHEN contact.id = summed.letter_contact_id THEN 4 ELSE 5 END
                WHEN contact.id = person.id AND NOT %(is_minor)s THEN 6 END""",
            is_minor=self._is_minor_sql(date),
            guardians=self._guardians_sql(),
        )

    @api.model
    def _is_special_sql(self, date):
        """Whether anybody but the person comes into question at all."""
        return SQL(
            """(person.payment_contact_id IS NOT NULL OR %s
                OR EXISTS (SELECT FROM res_partner child
                            WHERE child.parent_id = person.id
                              AND child.type = 'invoice' AND child.active))""",
            self._is_minor_sql(date),
        )

    @api.model
    def _is_minor_sql(self, date):
        born_by = born_by_sql(SQL("%s::date", date))
        return SQL("COALESCE(person.birthdate_date > %s, FALSE)", born_by)

    @api.model
    def _has_address_sql(self, partner):
        parts = [SQL("%s.%s", partner, SQL.identifier(name)) for name in ADDRESS]
        return SQL("(TRIM(CONCAT(%s)) <> '')", SQL(", ").join(parts))
