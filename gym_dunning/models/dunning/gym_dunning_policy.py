from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...ruled_fields import RuledOne2many

CRON = "gym_dunning.ir_cron_dunning"


class GymDunningPolicy(models.Model):
    """What sending without anybody's doing needs: three conditions (S-16 to S-19)."""

    _name = "gym.dunning.policy"
    _inherit = ["gym.dunning.policy", "gym.alert"]

    activation_ids = RuledOne2many(
        "gym.dunning.activation",
        "policy_id",
        context={"active_test": False},
        copy=True,
    )
    payment_warning = fields.Text(
        string="Paying",
        compute="_compute_payment_warning",
        help="What makes it harder for members to pay what the letters ask for.",
    )
    auto_send_status = fields.Text(
        string="Automatic Sending Lacks",
        compute="_compute_auto_send_status",
        help="What automatic sending lacks, by centre; empty when nothing does.",
    )
    # Only the system administrator reads scheduled actions; a manager may know.
    cron_active = fields.Boolean(string="Scheduled Action On", compute="_compute_cron")
    cron_interval = fields.Char(string="Runs Every", compute="_compute_cron")
    cron_nextcall = fields.Datetime(
        string="Next Automatic Run", compute="_compute_cron"
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_payment_warning(self):
        payment = self.env["gym.dunning.payment"]
        for policy in self:
            companies = (policy.company_id or self.env.company)._accessible_branches()
            policy.payment_warning = "\n".join(payment._warnings(companies))

    def _compute_cron(self):
        cron = self._cron()
        units = dict(cron._fields["interval_type"]._description_selection(self.env))
        interval = f"{cron.interval_number} {units.get(cron.interval_type, '')}"
        for policy in self:
            policy.cron_active = cron.active
            policy.cron_interval = interval if cron else False
            policy.cron_nextcall = cron.active and cron.nextcall

    @api.depends_context("uid")
    @api.depends(
        "name",
        "active",
        "activation_ids.active",
        "activation_ids.auto_send",
        "activation_ids.company_id",
        "activation_ids.journal_id",
        "activation_ids.payment_method_line_id",
        "level_ids.name",
        "level_ids.send_document",
        "level_ids.mail_template_id",
    )
    def _compute_auto_send_status(self):
        for policy in self:
            policy.auto_send_status = "\n".join(policy._automatic_lacks())

    @api.constrains("company_id")
    def _check_cells_company(self):
        self.with_context(active_test=False).activation_ids._check_policy_company()

    # === WHAT IS MISSING === #

    def _automatic_lacks(self):
        """Return a sentence for each thing that automatic sending lacks."""
        self.ensure_one()
        # sudo: cells of centres that the user may not see count, unnamed
        if not self.sudo().activation_ids:
            return [
                self.env._(
                    "No centre is activated for automatic sending: the policy takes"
                    " part wholly, by hand only."
                )
            ]
        lacks = [
            lack for cell in self.activation_ids for lack in self._cell_lacks(cell)
        ]
        lacks += self._uncovered_lacks()
        lacks += self._template_lacks()
        if not self.active:
            lacks.append(self.env._("The policy is archived."))
        if not self._cron().active:
            lacks.append(
                self.env._(
                    "All centres: the scheduled action is off. Only the system"
                    " administrator can switch it on."
                )
            )
        return lacks

    def _uncovered_lacks(self):
        # a centre with a line of its own is told by that line
        own = self.activation_ids.company_id
        for centre in self._uncovered_centres() - own:
            yield self.env._(
                "%s: no line is active for it, so it is not reminded, by hand either.",
                centre.name,
            )

    def _cell_lacks(self, cell):
        name = cell.display_name
        if not cell.active and not cell.auto_send:
            yield self.env._(
                "%s: not activated, and 'Send Automatically' is off.", name
            )
        elif not cell.active:
            yield self.env._("%s: not activated.", name)
        elif not cell.auto_send:
            yield self.env._("%s: 'Send Automatically' is off.", name)

    def _template_lacks(self):
        """Name the levels that could not be sent by e-mail (S-17)."""
        return [
            self.env._(
                "All centres: level %(level)s of %(policy)s sends a document, but has"
                " no e-mail template.",
                level=level.name,
                policy=self.name,
            )
            for level in self.level_ids
            if level.send_document and not level.mail_template_id
        ]

    @api.model
    def _cron(self):
        # sudo: scheduled actions are the system administrator's; whether this one
        # is on, and when, is told to managers, who cannot change it (AMB-22)
        cron = self.env.ref(CRON, raise_if_not_found=False)
        return (cron or self.env["ir.cron"]).sudo()

    def action_open_scheduled_action(self):
        """Open the scheduled action, which the system administrator switches.

        :raise AccessError: for everybody else (S-06, S-20)
        """
        cron = self.env.ref(CRON)
        cron.check_access("write")
        return cron._get_records_action(name=cron.name)

    def _check_automatic(self):
        """Refuse to send what has no template, naming the level (S-17, S-19)."""
        if lacks := self._template_lacks():
            raise UserError("\n".join(lacks))

    def _covered(self, companies):
        """Return those of the companies that follow this policy."""
        nearest = self._by_company(companies)
        owner = self.sudo().company_id  # sudo: the holding may be out of sight
        return companies.filtered(
            lambda one: (
                not nearest[one.id] or nearest[one.id].sudo().company_id == owner
            )
        )

    def _uncovered_centres(self, activating=None):
        """Return the centres of the user that follow the policy, and that none of its
        lines reminds.

        :param activating: a line that counts as active
        """
        self.ensure_one()
        centres = self.env.user.company_ids
        nearest = self._by_company(centres)
        return centres.filtered(
            lambda centre: (
                nearest[centre.id] == self and not self._takes_part(centre, activating)
            )
        )

    def _takes_part(self, centre, activating=None):
        """Tell whether the policy reminds the centre: wholly without lines, else as
        the nearest line says; one for a journal or payment method says it of a part.

        :param activating: a line that counts as active
        """
        self.ensure_one()
        # sudo: lines of centres that the user may not see decide all the same
        cells = self.sudo().with_context(active_test=False).activation_ids
        above = centre.sudo().parent_ids
        nearest_first = cells.filtered(lambda cell: cell.company_id in above).sorted(
            lambda cell: cell._nearness(), reverse=True
        )
        for cell in nearest_first:
            if cell.active or cell == activating:
                return True
            if not (cell.journal_id or cell.payment_method_line_id):
                return False
        return not cells

    # === WHO IS TOLD === #

    def _responsible(self):
        """Return who is told what happens by itself: somebody who is there."""
        self.ensure_one()
        return self.sudo().responsible_id._gym_first_present()

    def _post_note(self, text):
        """Write a line into the chatter."""
        self.ensure_one()
        self.message_post(body=Markup("<p>%s</p>") % text)

    def _alert_automatic(self, centre, message):
        """Leave the responsible an activity, one for each centre until it is done."""
        person = self._responsible()
        policy = self.with_context(lang=person.lang)
        summary = policy.env._("Automatic reminders of %s failed", centre.name)
        policy._schedule_alert(person, summary, message)
