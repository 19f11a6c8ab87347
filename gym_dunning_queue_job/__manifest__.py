{
    "name": "Gym Dunning: OCA Job Queue",
    "summary": "Background jobs are worked by the OCA's job queue, on several servers",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Gym Dunning contributors",
    "website": "https://www.odoo.com/apps",
    "depends": ["gym_dunning", "queue_job"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
