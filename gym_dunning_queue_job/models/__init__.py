from . import gym_process
from . import gym_process_slice
from . import queue_job
