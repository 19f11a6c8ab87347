from odoo.fields import Domain


def post_init_hook(env):
    """Take over the mandates, and who pays by direct debit."""
    env["account.banking.mandate"].search([])._mirror()
    _review_own_mandates(env)
    _leave_batches(env)
    _recompute_way_to_pay(env)


def _review_own_mandates(env):
    """A mandate that the payment orders do not know cannot be collected by them."""
    own = env["gym.debit.mandate"].search(
        Domain("banking_mandate_id", "=", False) & Domain("state", "=", "active")
    )
    own._set_state("review")


def _leave_batches(env):
    """Drafts go to the bank by payment orders from now on, not by a file of ours."""
    env["gym.debit.order"].search(
        Domain("batch_id", "!=", False) & Domain("state", "=", "draft")
    ).batch_id = False


def _recompute_way_to_pay(env):
    """Documents that are still open follow their payment mode from now on."""
    moves = env["account.move"].search(
        Domain("payment_mode_id", "!=", False)
        & Domain("move_type", "=", "out_invoice")
        & Domain("payment_state", "not in", ("paid", "reversed"))
    )
    moves._compute_preferred_payment_method_line_id()
