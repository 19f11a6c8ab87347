from odoo import models


class ResPartner(models.Model):
    """The name by which letters address a contact."""

    _inherit = "res.partner"

    def _name_on_letter(self):
        """Return the contact's name; of one without, as invoice addresses often are,
        the nearest name above it. Empty where nobody above has one."""
        if not self:
            return ""
        self.ensure_one()
        person = self.sudo()  # who writes the letter may not see whose address it is
        while person.parent_id and not (person.name or "").strip():
            person = person.parent_id
        return (person.name or "").strip()

    def _gym_address_lines(self, country=""):
        """Return the postal address in lines.

        :param country: what stands for the country; without it none is named
        """
        person = self.sudo()  # as above
        address = person._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        name = person.country_id.name
        if name in lines:
            # the last one: a city may have the name of its country
            place = len(lines) - 1 - lines[::-1].index(name)
            lines[place : place + 1] = filter(None, [country])
        return lines

    def _gym_clerk(self):
        """Return the user who looks after the contact, if one does; a room in which
        somebody does answers."""
        self.ensure_one()
        return self.env["res.users"]
