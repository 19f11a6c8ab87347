from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools import born_by, is_minor, is_storable

# Longer ones are no numbers on a card.
MEMBER_NUMBER_SIZE = 256
CLERK = "gym_dunning.group_dunning_user"
STATUS_FIELDS = {"member_status_id", "client_status_id", "client_status_until"}


class ResPartner(models.Model):
    """Make a contact a member: number, guardians, statuses and access."""

    _inherit = "res.partner"

    member_number = fields.Char(
        copy=False,
        index="btree_not_null",
        help="Drawn from the sequence when the contact gets a member status.",
    )
    birthdate_date = fields.Date(string="Birth Date")
    guardian_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="gym_partner_guardian_rel",
        column1="partner_id",
        column2="guardian_id",
        string="Legal Guardians",
        # a guardian answers for debts of a minor and is not deleted meanwhile
        ondelete="restrict",
    )
    ward_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="gym_partner_guardian_rel",
        column1="guardian_id",
        column2="partner_id",
        string="Guardian of",
        readonly=True,
    )
    is_minor = fields.Boolean(compute="_compute_is_minor", search="_search_is_minor")
    member_status_id = fields.Many2one(
        "gym.member.status", tracking=True, index="btree_not_null", copy=False
    )
    access_granted = fields.Boolean(
        compute="_compute_access_granted",
        search="_search_access_granted",
        help="The member passes the turnstile.",
    )
    client_status_id = fields.Many2one(
        "gym.client.status",
        tracking=True,
        index="btree_not_null",
        copy=False,
        help="How the client is billed and reminded; empty means active.",
    )
    client_status_until = fields.Date(
        tracking=True,
        copy=False,
        help="Last day of the client status; empty means until it is changed.",
    )
    payment_contact_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        help="Who gets the reminders instead of the client.",
    )

    _member_number_uniq = models.UniqueIndex(
        "(member_number, COALESCE(company_id, 0)) WHERE member_number IS NOT NULL",
        "This member number is taken. Choose another or leave it empty to draw one.",
    )

    @api.depends("birthdate_date")
    @api.depends_context("dunning_date")
    def _compute_is_minor(self):
        day = self._dunning_day()
        for partner in self:
            partner.is_minor = is_minor(partner.birthdate_date, day)

    def _search_is_minor(self, operator, value):
        if operator != "in":
            return NotImplemented
        minors = Domain("birthdate_date", ">", born_by(self._dunning_day()))
        return Domain.OR(minors if wanted else ~minors for wanted in value)

    @api.depends("member_status_id.allows_access")
    def _compute_access_granted(self):
        for partner in self:
            # sudo: who sees the contact may know, without rights on the list of
            # statuses
            partner.access_granted = partner.sudo().member_status_id.allows_access

    def _search_access_granted(self, operator, value):
        if operator != "in":
            return NotImplemented
        granted = self._gym_access_domain()
        return Domain.OR(granted if wanted else ~granted for wanted in value)

    @api.model
    def _gym_access_domain(self):
        """Return who passes; rooms that ask for more add it."""
        # `any!`: the status decides, also for who may not read it
        return Domain("member_status_id", "any!", [("allows_access", "=", True)])

    @api.constrains("member_number", "company_id")
    def _check_member_number(self):
        for partner in self.filtered("member_number"):
            twins = self.sudo().with_context(active_test=False)  # of hidden centres too
            domain = Domain("member_number", "=", partner.member_number) & Domain(
                "id", "!=", partner.id
            )
            root = partner.company_id.root_id
            if root:
                domain &= Domain("company_id", "in", [False]) | Domain(
                    "company_id", "child_of", root.id
                )
            if twins.search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "The member number %(number)s of %(name)s is taken. Choose"
                        " another or leave it empty to draw one.",
                        number=partner.member_number,
                        name=partner.display_name,
                    )
                )

    @api.constrains("guardian_ids")
    def _check_guardian(self):
        for partner in self:
            if partner in partner.guardian_ids:
                raise ValidationError(
                    self.env._(
                        "%s cannot be their own legal guardian.", partner.display_name
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        newcomer = self.browse()
        for vals in vals_list:
            newcomer._check_status_right(self._gym_without_entry_status(vals))
        partners = super().create(vals_list)
        partners._gym_complete_membership()
        return partners

    def write(self, vals):
        self._check_status_right(vals)
        result = super().write(vals)
        if vals.keys() & {"member_status_id", "member_number"}:
            self._gym_complete_membership()
        return result

    @api.model
    def _gym_without_entry_status(self, vals):
        """Who registers a new member, at the reception, makes it an active one."""
        active = self.env.ref(
            "gym_dunning.member_status_active", raise_if_not_found=False
        )
        if active and vals.get("member_status_id") == active.id:
            return {name: vals[name] for name in vals if name != "member_status_id"}
        return vals

    def _check_status_right(self, vals):
        """Statuses open doors and stop invoices: clerks write them, not everybody."""
        touched = STATUS_FIELDS & vals.keys()
        if not touched or self.env.su or self.env.user.has_group(CLERK):
            return
        # what is as before is no change: merging and importing write everything
        if any(self._gym_is_other(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._("Only a reminder clerk may change member or client status.")
            )

    def _gym_is_other(self, name, value):
        """Tell whether a value differs from what one of these contacts has; of a
        contact that is still to be made: from nothing."""
        field = self._fields[name]
        return any(
            field.convert_to_cache(value, partner)
            != field.convert_to_cache(partner[name], partner)
            for partner in self or self.new()
        )

    def _gym_has_client_status(self, status, day):
        """Tell whether the client has this status, and has it on that day."""
        self.ensure_one()
        until = self.client_status_until
        return self.client_status_id == status and (not until or until >= day)

    def _gym_complete_membership(self):
        """A member has a number and a status: give what is missing."""
        for partner in self:
            if partner.member_status_id and not partner.member_number:
                partner.member_number = partner._next_member_number()
            elif partner.member_number and not partner.member_status_id:
                # sudo: reception registers members, and those enter as active
                partner.sudo().member_status_id = self.env.ref(
                    "gym_dunning.member_status_active", raise_if_not_found=False
                )

    def _next_member_number(self):
        company = self.company_id.root_id or self.env.company.root_id
        sequence = self.env["ir.sequence"].with_company(company)
        return sequence.next_by_code("gym.member.number")

    # === BUSINESS METHODS === #

    @api.model
    def gym_check_access(self, member_number):
        """Tell a turnstile whether to open.

        :param str member_number: as printed on the card
        :return: True to open; False for blocked, former and unknown members
        :rtype: bool
        :raise AccessError: the caller is no access device and no employee
        """
        if not (
            self.env.user.has_group("gym_dunning.group_access_device")
            or self.env.user.has_group("gym_dunning.group_gym_reception")
        ):
            raise AccessError(self.env._("Only access devices may ask for access."))
        number = str(member_number or "")
        if not 0 < len(number) <= MEMBER_NUMBER_SIZE or not is_storable(number):
            return False
        of_this_gym = Domain("company_id", "=", False) | Domain(
            "company_id", "child_of", self.env.companies.root_id.ids
        )
        domain = Domain("member_number", "=", number) & of_this_gym
        # sudo: the device reads no member, it only learns yes or no
        return self.sudo().search(domain, limit=1).access_granted

    def _gym_set_member_status(self, status, reason):
        """Change access and say why in the chatter; the one gate for it."""
        for partner in self:
            if partner.member_status_id != status:
                partner.member_status_id = status
                partner._track_set_log_message(reason)

    @api.model
    def _dunning_day(self):
        """Return the day that is asked about, else today."""
        day = self.env.context.get("dunning_date") or fields.Date.context_today(self)
        return fields.Date.to_date(day)
