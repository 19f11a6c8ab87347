from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...exceptions import NothingToDo
from ...tools import is_minor
from .gym_dunning_hold import STOPPING_HOLDS

# A refusal is read, not scrolled.
MAX_NAMED = 20
# Their changes tell that somebody owes, and where the debt is.
TELLING = ("client_status_id", "client_status_until")


class ResPartner(models.Model):
    """Guardians answer for what a minor owes; they stay until that is settled."""

    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        "gym.dunning.policy",
        string="Reminder Policy",
        index="btree_not_null",
        help="Only if this member is not reminded like the others of the centre.",
    )

    # === WHOSE DEBTS === #

    def _gym_ledger_persons(self):
        """Return by contact whose debts its form shows: a member's own, an address's
        those of whose address it is; a company's form shows none of its employees."""
        return {partner: partner._gym_ledger_person() for partner in self}

    def _gym_ledger_person(self):
        self.ensure_one()
        person = self
        while (
            person.parent_id
            and not person.member_status_id
            and person != person.commercial_partner_id
        ):
            person = person.parent_id
        return person

    def _gym_ledger_domain(self):
        """Return where items of these persons can be found: owed by them, or by the
        company or parent they are contacts of. Upper rooms add who else may owe."""
        return Domain("partner_id", "in", self.commercial_partner_id.ids)

    def _gym_items_domain(self):
        """Return the items that are shown to these persons: those about them, and
        those they owe themselves for others."""
        owed = Domain("partner_id", "in", self.ids) & Domain(
            "invoiced_member_id", "in", [False, *self.ids]
        )
        shown = Domain("member_id", "in", self.ids) | owed
        return self._gym_ledger_domain() & shown

    def _gym_items_by_person(self, domain, aggregates):
        """Read the items of these persons.

        :return: pairs of a person and a list of aggregated values
        """
        rows = self.env["gym.open.item"]._read_group(
            self._gym_items_domain() & domain,
            ["partner_id", "member_id", "invoiced_member_id"],
            aggregates,
        )
        for debtor, member, invoiced, *values in rows:
            for person in member | (invoiced or debtor):
                yield person, values

    def action_hold_items(self):
        """Open the dialog that keeps all debts of these members back from reminders.

        :raise UserError: nothing of them is left to be held
        """
        persons = self.browse().union(*self._gym_ledger_persons().values())
        free = Domain("amount_residual", ">", 0) & Domain(
            "hold_reason", "not in", list(STOPPING_HOLDS)
        )
        items = self.env["gym.open.item"].search(persons._gym_items_domain() & free)
        if not items:
            raise NothingToDo(
                self.env._(
                    "%s: everything that is open is already held.",
                    ", ".join(self[:MAX_NAMED].mapped("display_name")),
                )
            )
        action = items.action_hold()
        members = {"default_partner_ids": persons.ids}
        return dict(action, context=action["context"] | members)

    def write(self, vals):
        # EXTENDS base
        before = self._guardians_at_stake(vals)
        result = super().write(vals)
        for member, (guardians, born) in before.items():
            lost = guardians.filtered(
                lambda one, kept=member.guardian_ids: one not in kept or not one.active
            )
            member._check_not_needed(lost, born)
        return result

    def _guardians_at_stake(self, vals):
        """Return the guardians and the birth date of whoever could lose a guardian."""
        members = self.browse()
        if "guardian_ids" in vals:
            members |= self
        if "ward_ids" in vals or not vals.get("active", True):
            members |= self.with_context(active_test=False).ward_ids
        return {
            member: (member.guardian_ids, member.birthdate_date) for member in members
        }

    def _check_not_needed(self, guardians, born):
        """Refuse that guardians leave while a debt from the time of minority is open."""
        debt = guardians and born and self._debt_of_minority(born)
        if debt:
            raise UserError(
                self.env._(
                    "%(guardian)s has to remain a legal guardian of %(member)s: "
                    "%(document)s of %(date)s is still open and dates from when "
                    "%(member)s was a minor. Have it paid or credited first.",
                    guardian=", ".join(guardians.mapped("display_name")),
                    member=self.display_name,
                    document=debt.move_id.name,
                    date=format_date(self.env, debt.move_id._gym_date_arisen()),
                )
            )

    def _debt_of_minority(self, born):
        """Return the oldest open item about the member from before coming of age."""
        # sudo: whoever corrects contacts need not see the ledger
        items = self.env["gym.open.item"].sudo()
        about = Domain("member_id", "=", self.id) & self._gym_ledger_domain()
        found = items.search(about & Domain("amount_residual", ">", 0))
        old = found.filtered(
            lambda item: is_minor(born, item.move_id._gym_date_arisen())
        )
        return old.sorted(lambda item: (item.move_id._gym_date_arisen(), item.id))[:1]

    # === HISTORY === #

    def action_open_history(self):
        """List what happened between the member and the gym about their debts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_member_event_action"
        )
        events = self.env["gym.member.event"]
        return dict(
            action,
            domain=list(events._domain_of(self)),
            context={"gym_one_member": len(self) == 1},
        )

    # === THREAD === #
    # The contact's chatter, which the reception reads too: debts are not for it.

    def _message_create(self, values_list):
        # EXTENDS mail: the low level, where logged changes are messages already
        debts = self.env.ref("gym_dunning.mt_debts", raise_if_not_found=False)
        if debts:
            values_list = [
                vals | {"subtype_id": debts.id}
                if self._gym_tells_of_debts(vals)
                else vals
                for vals in values_list
            ]
        return super()._message_create(values_list)

    def _gym_tells_of_debts(self, vals):
        """Tell whether a message logs a change of billing, or why access changed."""
        changed = {
            command[2]["field_id"]
            for command in vals.get("tracking_value_ids") or ()
            if command[2]
        }
        reasoned = (
            vals.get("body") and self._gym_field_id("member_status_id") in changed
        )
        telling = {self._gym_field_id(name) for name in TELLING}
        return bool(reasoned) or not changed.isdisjoint(telling)

    def _gym_field_id(self, name):
        return self.env["ir.model.fields"]._get("res.partner", name).id
