from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

STEPS = [
    ("bank", "Bank account"),
    ("policy", "Policy"),
    ("fees", "Fees agreed"),
    ("members", "Members"),
    ("mail", "E-mail"),
    ("estimate", "First estimate"),
]


class GymFirstHour(models.Model):
    """What a centre needs before it reminds: a row for each step and centre.

    Nothing is ticked by hand and nothing stored: each row looks whether its step is
    done. A room adds a step to `step`, and to itself `_look_at_<step>` and
    `_open_<step>`.
    """

    _name = "gym.first.hour"
    _description = "Step of the First Hour"
    _auto = False
    _order = "company_id, sequence"
    _rec_name = "step"
    _depends = {"res.company": ["active"]}

    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    sequence = fields.Integer(readonly=True)
    step = fields.Selection(STEPS, readonly=True)
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done")],
        compute="_compute_state",
        compute_sudo=False,
    )
    detail = fields.Text(
        string="What There Is", compute="_compute_state", compute_sudo=False
    )

    @property
    def _table_query(self):
        steps = enumerate(self._fields["step"].get_values(self.env), start=1)
        return SQL(
            """SELECT company.id * 100 + step.sequence AS id,
                      company.id AS company_id, step.sequence, step.step
                 FROM res_company company
                CROSS JOIN (VALUES %s) AS step (sequence, step)
                WHERE company.active""",
            SQL(", ").join(SQL("(%s, %s)", *step) for step in steps),
        )

    @api.depends("company_id", "step")
    @api.depends_context("uid", "lang")
    def _compute_state(self):
        for row in self:
            look = getattr(row.with_company(row.company_id), f"_look_at_{row.step}")
            is_done, row.detail = look()
            row.state = "done" if is_done else "todo"

    def action_open(self):
        """Open the place where the step is done.

        :raise UserError: only a system administrator may, or another centre is the
            current one
        """
        self.ensure_one()
        return getattr(self, f"_open_{self.step}")()

    # === BANK ACCOUNT === #

    def _look_at_bank(self):
        payment, company = self.env["gym.dunning.payment"], self.company_id
        bank = payment._bank_account(company, company.currency_id)
        lacks = "\n".join(payment._warnings(company))
        return bool(bank) and bank.acc_type == "iban", lacks or bank.display_name

    def _open_bank(self):
        partner = self.company_id.partner_id
        return partner._get_records_action(name=partner.display_name)

    # === POLICY === #

    def _policy(self):
        return self.env["gym.dunning.policy"]._for_company(self.company_id)

    def _look_at_policy(self):
        policy = self._policy()
        if not policy:
            return False, self.env._("No policy yet: nobody is reminded.")
        # sudo: a centre follows a policy of its holding, which it may not see
        rules = policy.sudo()
        if errors := rules._configuration_errors():
            return False, "\n".join(errors)
        if not rules._takes_part(self.company_id):
            return False, self.env._(
                "%s does not remind this centre: no line of its tab Activation is"
                " active for it.",
                rules.name,
            )
        return True, self.env._(
            "%(policy)s: %(levels)s.",
            policy=rules.name,
            levels=", ".join(rules.level_ids.mapped("name")),
        )

    def _open_policy(self):
        policy = self._policy()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_policy_action"
        )
        if not policy.has_access("read"):
            return action
        return policy._get_records_action(name=policy.name) if policy else action

    # === FEES === #

    def _look_at_fees(self):
        """Members pay a fee where the law or the contract says so; where it is for the
        contract to say, somebody decides: ticks it, or takes the fee off the level."""
        company, policy = self.company_id, self._policy().sudo()  # sudo: as above
        rule = self.env["gym.dunning.profile"]._of(company)
        is_open = policy.level_ids.fee_product_id and rule.consumer_fee == "agreed"
        is_done = bool(policy) and not (is_open and not company.dunning_fee_agreed)
        return is_done, " ".join(company._gym_fee_sentences(policy))

    def _open_fees(self):
        self._check_administrator()
        if self.company_id != self.env.company:
            raise UserError(
                self.env._(
                    "The settings are those of %(current)s. Make %(centre)s the current"
                    " company in the company menu at the top right first.",
                    current=self.env.company.name,
                    centre=self.company_id.name,
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.res_config_settings_action"
        )

    # === MEMBERS === #

    def _look_at_members(self):
        count = self.env["res.partner"].search_count(
            Domain("member_status_id", "!=", False)
            & Domain("company_id", "in", (False, *self.company_id.parent_ids.ids))
        )
        if not count:
            return False, self.env._(
                "No contact has a member status yet. It makes a contact a member, and"
                " says who may enter."
            )
        return True, self.env._("Contacts with a member status: %s.", count)

    def _open_members(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.res_partner_action_members"
        )

    # === E-MAIL === #

    def _look_at_mail(self):
        # sudo: that there is a server, and its name, may be known to a manager
        server = self.env["ir.mail_server"].sudo().search([], limit=1)
        if not server:
            return False, self.env._(
                "No outgoing mail server: letters are printed only. Enter one and press"
                " Test Connection."
            )
        if not self.company_id.email:
            return False, self.env._("The centre has no e-mail address to send from.")
        return True, self.env._(
            "%(address)s, by %(server)s.",
            address=self.company_id.email,
            server=server.name,
        )

    def _open_mail(self):
        # sudo: as above
        if self.env["ir.mail_server"].sudo().search_count([], limit=1):
            return self._open_bank()  # the address is missing, or looked at
        self._check_administrator()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_ir_mail_server_list"
        )

    # === FIRST ESTIMATE === #

    def _look_at_estimate(self):
        company = self.company_id
        runs = self.env["gym.dunning.run"].search(
            Domain("company_id", "in", company.parent_ids.ids)
            | Domain("company_id", "child_of", company.id),
            limit=1,
        )
        if not runs:
            return False, self.env._(
                "No estimate yet: it shows who would be reminded, and changes nothing."
            )
        return True, self.env._("The last one: %s.", runs.display_name)

    def _open_estimate(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_generate_action"
        )

    # === WHO MAY === #

    def _check_administrator(self):
        if not self.env.user.has_group("base.group_system"):
            raise UserError(
                self.env._(
                    "Only a system administrator can set this up. Ask yours for the"
                    " step '%(step)s' of %(centre)s.",
                    step=dict(self._fields["step"]._description_selection(self.env))[
                        self.step
                    ],
                    centre=self.company_id.name,
                )
            )
