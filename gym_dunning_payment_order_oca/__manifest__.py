{
    "name": "Gym Dunning: OCA Payment Orders",
    "summary": "Direct debits of reminders go into the payment orders of the OCA",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "AGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": ["gym_dunning", "account_banking_mandate"],
    "data": [
        "views/account_payment_line_views.xml",
        "views/gym_debit_mandate_views.xml",
        "views/gym_debit_order_views.xml",
    ],
    "images": ["static/description/payment_order.png"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
