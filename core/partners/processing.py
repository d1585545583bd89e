"""What becomes of an event, in words for its sender: verdicts, refusals, warnings."""

VERDICTS = {
    "pending": "Stored, and not yet judged: the next build decides, within a minute.",
    "accepted": "It counts.",
    "duplicate": "The same id with the same content came before: it counts once.",
    "conflict": "The same id came before with other content: the first one counts, this one is"
    " kept aside. Give each event an id of its own.",
    "quarantined": "It refers to something that is not there (yet). It waits, and counts by itself"
    " at the next build after what was missing has landed.",
    "unprocessed": "A type that produces no figure. It is kept.",
    "rejected": "Refused at the door, with the reason, the place and what to mend.",
}

FIELDS = {
    "id": "a string such as urn:uuid:…, new for each event",
    "type": "the event type, such as GradeEvent",
    "actor": "the student: {“id”: sourcedId, “type”: “Person”}",
    "action": "what was done, such as Graded",
    "event_time": "an RFC 3339 time with its offset, such as 2026-01-31T09:30:00.000Z",
}

REFUSALS = {
    "missing_course": "Send extensions.course.id. Only a SessionEvent may lack it.",
    "missing_lesson": "Send extensions.lesson.id. Only a SessionEvent may lack it.",
    **{f"missing_{name}": f"Send {meaning}." for name, meaning in FIELDS.items()},
    **{f"invalid_{name}": f"It is malformed; send {meaning}." for name, meaning in FIELDS.items()},
    "illegal_action": "The event type has no such action; the answer lists those it has.",
    "invalid_score": "scoreGiven and maxScore are finite JSON numbers, not in quotes.",
    "invalid_field": "The field that the path names has the wrong type.",
    "event_time_in_future": "The time is more than 24 hours ahead; check the sender's clock.",
    "event_time_too_old": "The time is before the year 2000.",
    "invalid_character": "A string holds NUL or half a surrogate pair; remove it.",
    "number_out_of_range": "A number is too large for a double; send it as a string.",
    "nested_too_deep": "The event is nested more than 64 levels deep.",
    "not_an_event": "An entry of data is no JSON object.",
}

WARNINGS = {
    "missing_course": "A SessionEvent without course: fine.",
    "missing_lesson": "A SessionEvent without lesson: fine.",
    "missing_student": "No student is named where we look for one: nobody is credited.",
    "missing_score": "A GradeEvent without scoreGiven: nothing is credited.",
    "missing_score_type": "A GradeEvent without scoreType is a grade, not XP.",
    "older_than_400_days": "It counts, and is marked for review.",
    "unprocessed_type": "Kept, but no figure comes of it.",
}
