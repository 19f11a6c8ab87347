def uninstall_hook(env):
    """Remove what the module made besides its own tables."""
    env["ir.sequence"].search([("code", "=like", "gym.%")]).unlink()
    env["ir.attachment"].search(
        [("res_model", "in", ("gym.dunning.run", "gym.dunning.reminder"))]
    ).unlink()
