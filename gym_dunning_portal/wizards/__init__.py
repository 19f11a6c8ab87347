from . import gym_page_code
