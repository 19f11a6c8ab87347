from . import gym_demo, gym_demo_contracts
