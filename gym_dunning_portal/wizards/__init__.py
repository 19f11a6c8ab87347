from . import (
    gym_member_answer_reply,
)
