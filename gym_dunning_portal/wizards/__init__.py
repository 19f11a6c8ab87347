from . import (
    gym_member_answer_reply,
    gym_page_code,
)
