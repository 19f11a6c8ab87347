from odoo import api, models


class GymDialog(models.AbstractModel):
    """A dialog about records that its user may read.

    Odoo reads related and stored computed fields with superuser rights, and anybody may
    make a dialog for an id that he names: without this, dialogs show records of other
    centres.
    """

    _name = "gym.dialog"
    _description = "Dialog"

    @api.model
    def _about_fields(self):
        """Return the names of the fields that say which of our records it is about."""
        return [
            name
            for name, field in self._fields.items()
            if field.type in ("many2one", "many2many")
            and field.store
            and not field.compute
            and field.comodel_name.startswith("gym.")
            and not self.env[field.comodel_name].is_transient()
        ]

    def _check_about(self):
        """Refuse a dialog about what its user may not read.

        :raise AccessError: he may not
        """
        if self.env.su:
            return
        for name in self._about_fields():
            self[name]._origin.check_access("read")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: not by a constraint, which Odoo checks with superuser rights
        dialogs = super().create(vals_list)
        dialogs._check_about()
        return dialogs

    def write(self, vals):
        # EXTENDS base: as for creating
        result = super().write(vals)
        self._check_about()
        return result

    def onchange(self, values, field_names, fields_spec):
        # EXTENDS web: a dialog that is not saved shows as much
        given = self.default_get(list(fields_spec)) | values
        self.new(given)._check_about()
        return super().onchange(values, field_names, fields_spec)
