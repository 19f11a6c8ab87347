import re
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import ValidationError

LONGEST_CODE = 8
CODE = re.compile(r"(?=.*[A-Z])[A-Z0-9]{1,8}")
LEGAL_FORMS = frozenset(
    ("AE", "AG", "BV", "CO", "EV", "GMBH", "IKE", "INC", "KG", "LTD", "MBH", "SA")
    + ("SARL", "SAS", "UG", "UND", "AND")
)
FALLBACK_CODE = "GYM"
# The company that Odoo makes before anybody says what it is called.
UNNAMED = ("My Company", "YourCompany")


class ResCompany(models.Model):
    """The short code by which numbers tell the centres apart."""

    _inherit = "res.company"

    gym_short_code = fields.Char(
        string="Short Code",
        size=LONGEST_CODE,
        compute="_compute_gym_short_code",
        store=True,
        readonly=False,
        copy=False,
        help="Numbers of reminders name the centre by it, such as REM/CITY/2026/00043:"
        " up to eight capital letters and digits. Numbers that were given stay.",
    )
    _gym_short_code_uniq = models.UniqueIndex(
        "(gym_short_code)",
        "Another centre has this short code: choose another one.",
    )

    @api.depends("name")
    def _compute_gym_short_code(self):
        """Give a code to those that have none; a new name changes no code."""
        without = self.filtered(lambda company: not company.gym_short_code)
        taken = without and without._gym_taken_codes()
        for company in without.filtered(lambda one: one.name not in (False, *UNNAMED)):
            company.gym_short_code = company._gym_free_code(taken)
            taken.add(company.gym_short_code)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        return super().create([self._gym_code_in_capitals(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS base
        return super().write(self._gym_code_in_capitals(vals))

    @api.model
    def _gym_code_in_capitals(self, vals):
        if not vals.get("gym_short_code"):
            return vals
        return vals | {"gym_short_code": vals["gym_short_code"].strip().upper()}

    @api.constrains("gym_short_code")
    def _check_gym_short_code(self):
        for company in self:
            code = company.gym_short_code
            if code and not CODE.fullmatch(code):
                raise ValidationError(
                    self.env._(
                        "%(company)s: the short code %(code)s does not fit. Use up to"
                        " eight letters from A to Z and digits, with one letter at"
                        " least.",
                        company=company.name,
                        code=code,
                    )
                )

    def _gym_code(self):
        """Return the short code. A company without one gets it now: it has no name of
        its own yet, or another module made it before ours was loaded."""
        self.ensure_one()
        if not self.gym_short_code:
            # sudo: who draws a number need not set up companies
            self.sudo().gym_short_code = self._gym_free_code(self._gym_taken_codes())
        return self.gym_short_code

    def _gym_taken_codes(self):
        """Return the codes that these companies cannot have."""
        # sudo: a code is taken, whoever may see the company that has it
        others = self.sudo().with_context(active_test=False)
        coded = others.search(
            [("gym_short_code", "!=", False), ("id", "not in", self._origin.ids)]
        )
        return set(coded.mapped("gym_short_code"))

    def _gym_free_code(self, taken):
        base = self._gym_code_from_name()
        if base not in taken:
            return base
        numbered = (
            f"{base[: LONGEST_CODE - len(str(number))]}{number}"
            for number in range(2, 10**6)
        )
        return next(code for code in numbered if code not in taken)

    def _gym_code_from_name(self):
        """Return what tells the name from that of the company above: CITY of Kent
        Fitness City."""
        # sudo: only its name
        above = set(self._gym_name_words(self.sudo().parent_id.name))
        words = self._gym_name_words(self.name)
        own = [word for word in words if word not in above] or words
        code = "".join(own)
        if len(code) > LONGEST_CODE:
            half = LONGEST_CODE // 2
            code = own[0][:half] + own[-1][:half] if own[1:] else code[:LONGEST_CODE]
        return code if CODE.fullmatch(code) else f"{FALLBACK_CODE}{code}"[:LONGEST_CODE]

    @api.model
    def _gym_name_words(self, name):
        plain = unicodedata.normalize("NFKD", name or "").upper()
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
        words = re.findall("[A-Z0-9]+", letters)
        return [word for word in words if word not in LEGAL_FORMS] or words
