import {WarningDialog, odooExceptionTitleMap} from "@web/core/errors/error_dialogs";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

// A normal answer is no "Invalid Operation".
const NAME = "odoo.addons.gym_dunning.exceptions.NothingToDo";

odooExceptionTitleMap.set(NAME, _t("Nothing to Do"));
registry.category("error_dialogs").add(NAME, WarningDialog);
