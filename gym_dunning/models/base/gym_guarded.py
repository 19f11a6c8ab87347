from odoo import api, models
from odoo.exceptions import UserError


class GymGuarded(models.AbstractModel):
    """A record of which people write some fields and the program the others.

    What the program writes goes through a method of the model (a gate), which does
    so with superuser rights; a form, an import or the API is refused with a
    sentence. `readonly=True` of a field says so in the form only.
    """

    _name = "gym.guarded"
    _description = "Record with Guarded Fields"

    @api.model
    def _guarded_fields(self):
        """Return the names of fields that people may not write; rooms add theirs."""
        return set()

    @api.model
    def _guarded_on_create(self):
        """Return the names of fields that people may not give to a new record.

        What a dialog gives (date, centre, filters) is fixed afterwards, so these
        are fewer. A value that is the field's default is let through.
        """
        return {"state"} & self._fields.keys()

    @api.model
    def _guarded_hint(self):
        """Say what to do instead of writing a guarded field."""
        return self.env._("It follows from the buttons.")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        if self.env.su:
            return super().create(vals_list)
        guarded = self._guarded_on_create()
        self = self._without_defaults_of(guarded)
        for vals in vals_list:
            self._refuse_guarded(self._foreign_values(vals, guarded))
        return super().create(vals_list)

    @api.model
    def _without_defaults_of(self, names):
        """A caller's context gives no defaults to these fields, `default_state` say."""
        context = dict(self.env.context)
        for name in names:
            context.pop(f"default_{name}", None)
        return self.with_env(self.env(context=context))

    def write(self, vals):
        # EXTENDS base
        if not self.env.su:
            self._refuse_guarded(self._guarded_fields().intersection(vals))
        return super().write(vals)

    @api.model
    def _foreign_values(self, vals, names):
        """Return the `names` to which `vals` gives another value than the default."""
        given = names.intersection(vals)
        defaults = self.default_get(sorted(given)) if given else {}
        return {
            name for name in given if (vals[name] or False) != defaults.get(name, False)
        }

    def _refuse_guarded(self, names):
        if not names:
            return
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise UserError(
            self.env._(
                "%(record)s: %(fields)s cannot be changed by hand. %(hint)s",
                record=self.display_name if len(self) == 1 else self._description,
                fields=", ".join(sorted(labels)),
                hint=self._guarded_hint(),
            )
        )
