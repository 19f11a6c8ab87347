from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_amount

from .mail_activity_type import CASE_STATES

RANK = {state: rank for rank, (state, __) in enumerate(CASE_STATES)}


class GymCollectionCase(models.Model):
    """The next activity of a case, where a done one moves it, and the customer."""

    _inherit = "gym.collection.case"

    collection_participation = fields.Selection(
        related="partner_id.commercial_partner_id.collection_participation",
        string="Customer Takes Part",
    )
    is_manager_gone = fields.Boolean(compute="_compute_is_manager_gone")

    # === ENTERING === #

    def action_plan_activity(self):
        """Open the dialog of the next activity, prefilled from the case (G-60).

        The context key `collection_type` names a delivered type: `call`, `promise`,
        `appointment`, `letter`, `deposit`; without it the first one is proposed.
        A promise while one runs asks whether to replace it.

        :raise UserError: the case is completed, or the type was deleted
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        kind = self._asked_type()
        if kind.collection_state == "promise" and self.promise_id:
            return self._ask_to_replace(kind)
        return self._activity_dialog(kind)

    def _asked_type(self):
        name = self.env.context.get("collection_type")
        if not name:
            activities = self.env["mail.activity"]
            return activities._default_activity_type_for_model(self._name)
        kind = self.env.ref(
            f"gym_dunning.activity_type_{name}", raise_if_not_found=False
        )
        if not kind:
            raise UserError(
                self.env._(
                    "The activity type of this button was deleted. Use Plan Activity"
                    " of case %s, and choose another.",
                    self.name,
                )
            )
        return kind

    def _activity_dialog(self, kind, **context):
        popup = self.env.ref("mail.mail_activity_view_form_popup")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "mail.activity",
            "views": [(popup.id, "form")],
            "target": "new",
            "context": {
                "default_res_model": self._name,
                "default_res_id": self.id,
                "default_activity_type_id": kind.id,
                **context,
            },
        }

    def _active_manager(self):
        """Return who does the activities; nobody when the manager has left, so that
        they wait on the case until it is given to somebody else."""
        return self.debt_manager_id.filtered("active")

    # === DONE === #

    def _move_on(self, activity):
        """Move the case to where the done activity leads (G-32, AMB-36).

        It never goes back, a completed case stays so, and it is not completed while
        something is open: that is said in the chatter.
        """
        self.ensure_one()
        target = activity.activity_type_id.collection_state
        if not target or self.state == "completed":
            return
        if target == "completed" and self._is_owed():
            self._say_still_owed(activity)
            target = "in_progress"
        if RANK[target] > RANK[self.state]:
            self._set_state(target)

    def _is_owed(self):
        return self.currency_id.compare_amounts(self.amount_current, 0.0) > 0

    def _say_still_owed(self, activity):
        self._keep_promise()
        self.message_post(
            body=self.env._(
                "%(activity)s is done, but %(open)s is still open: the case is not"
                " completed by it.",
                activity=activity.display_name,
                open=format_amount(self.env, self.amount_current, self.currency_id),
            )
        )

    # === CUSTOMER === #
    # The customer of a case: whether he takes part, by branch, and all his cases.

    @api.depends("debt_manager_id.active")
    def _compute_is_manager_gone(self):
        for case in self:
            manager = case.debt_manager_id
            case.is_manager_gone = manager and not manager.active

    @api.constrains("partner_id")
    def _check_participation(self):
        for case in self:
            if case.collection_participation == "no":
                raise ValidationError(
                    self.env._(
                        "%s does not take part in collections, so no case can be "
                        "created. If that has changed, set it on the customer first, "
                        "or for several with Actions, Set Collections in the list of "
                        "members.",
                        case.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "branch_partner_id")
    def _check_branch(self):
        for case in self.filtered("branch_partner_id"):
            customer, branch = case.partner_id, case.branch_partner_id
            if branch == customer or branch not in customer._gym_addresses():
                raise ValidationError(
                    self.env._(
                        "%(branch)s is not a branch of %(customer)s. Choose one of "
                        "the customer's addresses, or none.",
                        branch=branch.display_name,
                        customer=customer.display_name,
                    )
                )

    def action_open_case(self):
        """Open the case with all that it has (G-78a)."""
        self.ensure_one()
        return self._get_records_action(name=self.name)

    def action_open_customers(self):
        """Open the collection cases of the customers of these cases (G-79, G-80a)."""
        return self.partner_id._collection_cases_action()
