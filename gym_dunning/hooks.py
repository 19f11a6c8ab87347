from odoo.fields import Domain

# Their documents go with them; Odoo drops tables without looking for attachments.
WITH_DOCUMENTS = (
    "gym.dunning.run",
    "gym.dunning.reminder",
    "gym.dunning.print",
    "gym.printout",
    "gym.renewal.run",
    "gym.renewal.notice",
    "gym.renewal.notice.run",
    "gym.agency.handover",
    "gym.collection.agency",
    "gym.case.run",
    "gym.collection.case",
    "gym.debit.batch",
    "gym.debit.return.file",
    "gym.receipt.file",
)
# The tokens of the agencies' web services, see `gym.collection.agency`.
TOKENS = r"gym\_dunning.agency\_token\_%"


def uninstall_hook(env):
    """Remove what the module made besides its own tables."""
    _forget_inherited_names(env)
    _hand_over_articles(env)
    _hand_over_payment_method(env)
    env["ir.sequence"].search([("code", "=like", "gym.%")]).unlink()
    _release_files(env)
    env["ir.attachment"].search([("res_model", "in", WITH_DOCUMENTS)]).unlink()
    env["ir.config_parameter"].search([("key", "=like", TOKENS)]).unlink()


def _release_files(env):
    """A file of the bank cannot be deleted from under what keeps it, but for now."""
    for model in ("gym.debit.batch", "gym.debit.return.file", "gym.receipt.file"):
        env[model].search([]).attachment_id = False


def _forget_inherited_names(env):
    """Odoo names what our models inherit after each module that extends it (mail,
    portal, sms), and would leave those names behind."""
    inherited = Domain("model", "=", "ir.model.inherit") & Domain(
        "name", "=like", r"model\_inherit\_\_gym\_%"
    )
    choices = Domain("model", "=", "ir.model.fields.selection") & Domain(
        "name", "=like", r"selection\_\_gym\_%"
    )
    of_others = Domain("module", "!=", "gym_dunning")
    env["ir.model.data"].search(of_others & (inherited | choices)).unlink()


def _hand_over_articles(env):
    """Articles on posted invoices belong to the books: they stay, as the gym's own."""
    names = env["ir.model.data"].search(
        [
            ("module", "=", "gym_dunning"),
            ("model", "in", ("product.product", "product.template")),
        ]
    )
    articles = names.filtered(lambda name: name.model == "product.product")
    sold = [("product_id", "in", articles.mapped("res_id"))]
    if env["account.move.line"].search_count(sold, limit=1):
        names.unlink()


def _hand_over_payment_method(env):
    """So does a way to pay, once payments were made by it."""
    method = env.ref(
        "gym_dunning.payment_method_direct_debit", raise_if_not_found=False
    )
    if method and env["account.payment"].search_count(
        [("payment_method_line_id.payment_method_id", "=", method.id)], limit=1
    ):
        env["ir.model.data"].search(
            [
                ("module", "=", "gym_dunning"),
                ("model", "=", "account.payment.method"),
                ("res_id", "=", method.id),
            ]
        ).unlink()
