from . import gym_page_statement
