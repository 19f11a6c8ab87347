from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class GymActivityStatus(models.Model):
    """A status that activities of one type may have (G-37 to G-41)."""

    _name = "gym.activity.status"
    _description = "Activity Status"
    _order = "activity_type_id, sequence, id"

    activity_type_id = fields.Many2one(
        "mail.activity.type", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    is_default = fields.Boolean(
        string="Default", help="The status of a new activity of this type."
    )
    is_done = fields.Boolean(
        string="Done", help="The status of an activity that was carried out."
    )
    previous_id = fields.Many2one(
        "gym.activity.status",
        string="After",
        index="btree_not_null",
        domain="[('activity_type_id', '=', activity_type_id), ('id', '!=', id)]",
        help="The status that must come before this one; empty: none.",
    )

    _default_uniq = models.UniqueIndex(
        "(activity_type_id) WHERE is_default",
        "An activity type has one default status: mark one only.",
    )

    @api.constrains("previous_id", "activity_type_id")
    def _check_previous(self):
        # a status that changes its type may be the one before another
        for status in self | self.search([("previous_id", "in", self.ids)]):
            previous = status.previous_id
            if previous and previous.activity_type_id != status.activity_type_id:
                raise ValidationError(
                    self.env._(
                        '"%(previous)s" cannot come before "%(status)s": it is a status'
                        " of another activity type, %(type)s.",
                        previous=previous.name,
                        status=status.name,
                        type=previous.activity_type_id.name,
                    )
                )
        if self._has_cycle("previous_id"):
            raise ValidationError(
                self.env._(
                    '"%s" cannot come before itself: choose another status or none.',
                    self[:1].name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        of_type = self.env.context.get("default_activity_type_id")
        defaults = [one for one in vals_list if one.get("is_default")]
        self._take_back_default(
            [one.get("activity_type_id", of_type) for one in defaults]
        )
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("is_default"):
            self._take_back_default(self.activity_type_id.ids)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_before_another(self):
        later = self.search([("previous_id", "in", self.ids)]) - self
        if later:
            raise UserError(
                self.env._(
                    '"%(status)s" must come before "%(later)s": change "%(later)s"'
                    " first.",
                    status=later[0].previous_id.name,
                    later=later[0].name,
                )
            )

    def _take_back_default(self, type_ids):
        """Whichever is marked last is the default: unmark the others."""
        domain = Domain("activity_type_id", "in", type_ids)
        others = self.search(domain & Domain("is_default", "=", True)) - self
        others.is_default = False
        others.flush_recordset()  # before the index sees the new one

    # === STEPS === #

    @api.model
    def _check_step(self, old, new):
        """Refuse a jump: what must come before `new` has come by `old`.

        Going back is free, and so is staying.

        :param old: status before, empty for a new activity
        :param new: status that is wanted
        :raise UserError: it names the statuses that are missing
        """
        missing = new._chain()[:-1] - old._chain()
        if missing:
            raise UserError(
                self.env._(
                    '"%(status)s" is not possible yet: "%(missing)s" must come before'
                    " it. Choose that first.",
                    status=new.name,
                    missing='", "'.join(missing.mapped("name")),
                )
            )

    def _chain(self):
        """Return the statuses that lead to this one, itself last."""
        chain = self
        while chain[:1].previous_id:
            chain = chain[:1].previous_id + chain
        return chain
