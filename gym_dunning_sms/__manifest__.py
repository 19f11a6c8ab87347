{
    "name": "Gym Dunning: SMS",
    "summary": "Reminders by SMS, besides letter and e-mail or instead of paper",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": ["gym_dunning", "sms"],
    "data": [
        "data/sms_template_data.xml",
        "data/gym_delivered_text_data.xml",
        "views/gym_dunning_level_views.xml",
    ],
    "images": ["static/description/level.png"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
