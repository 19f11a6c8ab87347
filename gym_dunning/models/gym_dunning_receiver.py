from odoo import api, models
from odoo.tools import SQL

from ..tools import born_by_sql

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
            """SELECT contact.id, %(has_address)s AS has_address,
                      bool_or(candidate.is_guardian) OVER () AS has_guardian
                 FROM (%(candidates)s) candidate
                 JOIN res_partner contact
                   ON contact.id = candidate.id
                  AND (contact.active OR contact.id = person.id)
                WHERE %(is_special)s
                ORDER BY has_address DESC, candidate.rank, contact.id LIMIT 1""",
            has_address=self._has_address_sql(SQL("contact")),
            candidates=self._candidates_sql(date),
            is_special=self._is_special_sql(date),
        )

    @api.model
    def _candidates_sql(self, date):
        return SQL(
            """SELECT rel.guardian_id AS id, 1 AS rank, TRUE AS is_guardian
                 FROM gym_partner_guardian_rel rel
                WHERE rel.partner_id = person.id AND %(is_minor)s
               UNION ALL
               SELECT above.id, 2, TRUE
                 FROM res_partner above
                WHERE above.id = person.parent_id AND %(is_minor)s
                  AND above.is_company IS NOT TRUE
               UNION ALL
               SELECT person.payment_contact_id, 3, FALSE
               UNION ALL
               SELECT child.id,
                      CASE WHEN child.id = summed.letter_contact_id THEN 4 ELSE 5 END,
                      FALSE
                 FROM res_partner child
                WHERE child.parent_id = person.id AND child.type = 'invoice'
                  AND (NOT %(is_minor)s OR child.name <> '')
               UNION ALL
               SELECT person.id, 6, FALSE WHERE NOT %(is_minor)s""",
            is_minor=self._is_minor_sql(date),
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
