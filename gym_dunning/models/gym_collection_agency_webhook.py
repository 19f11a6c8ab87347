from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# More in one call would keep the agency waiting too long for the answer.
MAX_LINES = 5000


class GymCollectionAgency(models.Model):
    """The agency reports by calling us, with a key that may do nothing else."""

    _inherit = "gym.collection.agency"

    user_id = fields.Many2one(
        "res.users",
        string="User of the Agency's System",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Its key lets the agency's system report on this agency's files.",
    )

    @api.model
    def receive_updates(self, lines):
        """Take what the agency reports of its files.

        POST /json/2/gym.collection.agency/receive_updates, see
        docs/agency-interface.md. The same report twice changes nothing.

        :param list lines: of dicts with the keys of the answer file, see
            `_take_updates`; amounts in the currency of the claim
        :return: a dict with `taken` and `unchanged` (counts) and `refused`, a list
            of dicts with `row` (its place in the list, from 1), `line_number` and
            `message`
        :raise AccessError: the caller is not the user of an agency
        :raise UserError: `lines` is no list, or longer than 5000
        """
        agencies = self._agencies_of_caller()
        self._check_lines(lines)
        # sudo: the agency's system reads nothing; it reports on its own files
        files = self.env["gym.agency.handover.line"].sudo()
        taken = files._take_updates(lines, agencies)
        if taken.changed or taken.refused:
            taken._note(
                self.env._("Report of the agency's system"), taken.lines.handover_id
            )
        return {
            "taken": taken.changed,
            "unchanged": taken.unchanged,
            "refused": taken.refusals(),
        }

    @api.model
    def _agencies_of_caller(self):
        if not self.env.user.has_group("gym_dunning.group_collection_agency"):
            raise AccessError(
                self.env._("Only the system of a collection agency may report here.")
            )
        # An agency that gets nothing new still reports on its old files.
        # sudo: it may not read itself either
        agencies = (
            self.sudo()
            .with_context(active_test=False)
            .search([("user_id", "=", self.env.uid)])
        )
        if not agencies:
            raise AccessError(self.env._("No agency belongs to this key."))
        return agencies

    @api.model
    def _check_lines(self, lines):
        if not isinstance(lines, list):
            raise UserError(self.env._("'lines' must be a list."))
        if len(lines) > MAX_LINES:
            raise UserError(
                self.env._("At most %s lines in one call, please.", MAX_LINES)
            )

    def action_generate_key(self):
        """Make the key for the agency's system and show it, once.

        A former key stops working.

        :raise AccessError: the caller is no administrator
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may make keys."))
        if not self.user_id:
            self.user_id = self._create_user()
        # sudo: keys of others are hidden from the administrator too
        keys = self.env["res.users.apikeys"].sudo()
        keys.search([("user_id", "=", self.user_id.id)])._remove()
        return self.user_id._generate_machine_key(self.env._("Collection agency"))

    def _create_user(self):
        return self.env["res.users"]._create_machine(
            self.partner_id.name,
            "collection-agency",
            self.env.ref("gym_dunning.group_collection_agency"),
            self.company_id or self.env.company,
        )
