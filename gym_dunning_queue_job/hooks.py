from odoo.addons.queue_job.job import ENQUEUED, FAILED, PENDING


def uninstall_hook(env):
    """Give what is open back to the scheduled actions; nobody knows our jobs any more."""
    states = (PENDING, ENQUEUED, FAILED)
    jobs = env["queue.job"].search(
        [("gym_process_id", "!=", False), ("state", "in", states)]
    )
    jobs.button_cancelled()
    # no process in particular: that wakes the scheduled actions
    env["gym.process"]._wake_up()
