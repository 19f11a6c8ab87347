from . import gym_receipt_assign, gym_receipt_ignore, gym_receipt_import
