from . import gym_demo
