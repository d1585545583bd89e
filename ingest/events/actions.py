"""Which actions each event type may carry (Caliper 1.2, the profiles' "Supported actions")."""

from typing import Literal

SessionAction = Literal["LoggedIn", "LoggedOut", "TimedOut"]
ViewAction = Literal["Viewed"]
AssignableAction = Literal[
    "Activated", "Deactivated", "Started", "Completed", "Submitted", "Reviewed"
]
AssessmentAction = Literal[
    "Started",
    "Paused",
    "Resumed",
    "Restarted",
    "Reset",
    "Submitted",
    "Completed",  # not in 1.2; partners are told to send it when "a student completes" one
]
AssessmentItemAction = Literal["Started", "Skipped", "Completed"]
GradeAction = Literal["Graded"]
