from odoo.fields import Domain


def post_init_hook(env):
    """Give the delivered levels, where they still exist, their delivered text."""
    for number in (1, 2, 3):
        level = env.ref(f"gym_dunning.level_{number}", raise_if_not_found=False)
        if level:
            level.sms_template_id = env.ref(
                f"gym_dunning_sms.sms_template_level_{number}"
            )


def uninstall_hook(env):
    """Take waiting SMS back: their reminders count as not sent yet, not as sent twice."""
    trackers = env["sms.tracker"].search(Domain("reminder_id", "!=", False))
    trackers.reminder_id._cancel_outbox()
