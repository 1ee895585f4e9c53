"""Deadlines worked out by hand with a wall calendar: nothing here is computed.

Each row: what is asked, the calendar, the moment of receipt, the last day, and why. Moments have an offset.
"""

import datetime

from appeals.calendar import Calendar


def day(written: str) -> datetime.date:
    """Return the day written as YYYY-MM-DD."""
    return datetime.date.fromisoformat(written)


# Labour Code, article 73, as it stands since 2024, with the day of the week on the wall calendar.
HOLIDAYS = """
2024-01-01 Mon  2024-03-08 Fri  2024-05-01 Wed  2024-05-05 Sun  2024-05-08 Wed  2024-06-23 Sun
2024-06-28 Fri  2024-07-15 Mon  2024-08-24 Sat  2024-10-01 Tue  2024-12-25 Wed
2025-01-01 Wed  2025-03-08 Sat  2025-04-20 Sun  2025-05-01 Thu  2025-05-08 Thu  2025-06-08 Sun
2025-06-28 Sat  2025-07-15 Tue  2025-08-24 Sun  2025-10-01 Wed  2025-12-25 Thu
2026-01-01 Thu  2026-03-08 Sun  2026-04-12 Sun  2026-05-01 Fri  2026-05-08 Fri  2026-05-31 Sun
2026-06-28 Sun  2026-07-15 Wed  2026-08-24 Mon  2026-10-01 Thu  2026-12-25 Fri
2027-01-01 Fri  2027-03-08 Mon  2027-05-01 Sat  2027-05-02 Sun  2027-05-08 Sat  2027-06-20 Sun
2027-06-28 Mon  2027-07-15 Thu  2027-08-24 Tue  2027-10-01 Fri  2027-12-25 Sat
2028-01-01 Sat  2028-03-08 Wed  2028-04-16 Sun  2028-05-01 Mon  2028-05-08 Mon  2028-06-04 Sun
2028-06-28 Wed  2028-07-15 Sat  2028-08-24 Thu  2028-10-01 Sun  2028-12-25 Mon
"""
# Article 67, part 3, in peace: the working days that are off because a holiday fell on a weekend.
DAYS_OFF_INSTEAD = """
2024-05-06 Mon  2024-06-24 Mon  2024-08-26 Mon
2025-03-10 Mon  2025-04-21 Mon  2025-06-09 Mon  2025-06-30 Mon  2025-08-25 Mon
2026-03-09 Mon  2026-04-13 Mon  2026-06-01 Mon  2026-06-29 Mon
2027-05-03 Mon  2027-05-04 Tue  2027-05-10 Mon  2027-06-21 Mon  2027-12-27 Mon
2028-01-03 Mon  2028-04-17 Mon  2028-06-05 Mon  2028-07-17 Mon  2028-10-02 Mon
"""
FROM = day("2022-02-24")
ALL = frozenset(map(day, HOLIDAYS.split()[::2]))
MOVED = {"days_off": frozenset({day("2026-01-02")}), "working_days": frozenset({day("2026-01-10")})}
CALENDARS = {
    "war": Calendar(holidays=ALL, martial_law=((FROM, None),)),
    "peace": Calendar(holidays=ALL),
    "moved": Calendar(holidays=ALL, **MOVED),
    "war moved": Calendar(holidays=ALL, martial_law=((FROM, None),), **MOVED),
    "war to 24.12.2025": Calendar(holidays=ALL, martial_law=((FROM, day("2025-12-24")),)),
    "war to 25.12.2025": Calendar(holidays=ALL, martial_law=((FROM, day("2025-12-25")),)),
    "war to 30.05.2026": Calendar(holidays=ALL, martial_law=((FROM, day("2026-05-30")),)),
    "war to 31.05.2026": Calendar(holidays=ALL, martial_law=((FROM, day("2026-05-31")),)),
}
DEADLINES = [
    # --- two working days: the week
    ("message", "war", "2026-06-01T12:00+03:00", "2026-06-03", "Monday: Tuesday is 1, Wednesday 2"),
    ("message", "war", "2026-06-04T12:00+03:00", "2026-06-08", "Thursday: Friday is 1, Monday 2"),
    ("message", "war", "2026-06-05T21:00+03:00", "2026-06-09", "Friday evening counts as Friday"),
    ("message", "war", "2026-06-06T09:00+03:00", "2026-06-09", "Saturday: Monday is 1"),
    ("message", "war", "2026-06-07T09:00+03:00", "2026-06-09", "Sunday: Monday is 1"),
    # --- the day of receipt is the day in Kyiv
    ("message", "war", "2026-06-03T23:59+03:00", "2026-06-05", "a minute before midnight is still Wednesday"),
    ("message", "war", "2026-06-04T00:00+03:00", "2026-06-08", "midnight begins Thursday"),
    ("message", "war", "2026-06-04T00:01+03:00", "2026-06-08", "a minute after midnight is Thursday"),
    ("message", "war", "2026-06-03T20:59+00:00", "2026-06-05", "23:59 on Wednesday in Kyiv, summer is UTC+3"),
    ("message", "war", "2026-06-03T21:01+00:00", "2026-06-08", "00:01 on Thursday in Kyiv, though Wednesday in UTC"),
    ("message", "war", "2026-01-14T21:59+00:00", "2026-01-16", "23:59 on Wednesday in Kyiv, winter is UTC+2"),
    ("message", "war", "2026-01-14T22:01+00:00", "2026-01-19", "00:01 on Thursday in Kyiv"),
    ("message", "war", "2026-01-18T22:30+00:00", "2026-01-21", "Monday 00:30 in Kyiv, though Sunday in UTC"),
    ("message", "war", "2026-12-31T22:30+00:00", "2027-01-05", "1 January 2027, Friday, in Kyiv: Monday 1, Tuesday 2"),
    # --- nights when clocks change: 29 March at 3:00, 25 October at 4:00
    ("message", "war", "2026-03-28T23:30+02:00", "2026-03-31", "Saturday before the short Sunday"),
    ("message", "war", "2026-03-29T23:59+03:00", "2026-03-31", "the end of the Sunday of 23 hours"),
    ("message", "war", "2026-03-29T21:30+00:00", "2026-04-01", "Monday 00:30 at +3; at the old +2 still Sunday"),
    ("message", "war", "2026-10-25T21:30+00:00", "2026-10-27", "Sunday 23:30 at +2; at the old +3 already Monday"),
    ("message", "war", "2026-10-25T22:30+00:00", "2026-10-28", "Monday 00:30 after the Sunday of 25 hours"),
    # --- holidays: days off in peace, working days under martial law
    ("message", "war", "2025-12-24T12:00+02:00", "2025-12-26", "Christmas is a working day under martial law"),
    ("message", "peace", "2025-12-24T12:00+02:00", "2025-12-29", "Thursday the 25th is off: Friday 1, Monday 2"),
    ("message", "war", "2025-12-31T12:00+02:00", "2026-01-02", "1 January, Thursday, is 1"),
    ("message", "peace", "2025-12-31T12:00+02:00", "2026-01-05", "1 January is off: Friday 1, Monday 2"),
    ("message", "peace", "2026-01-01T12:00+02:00", "2026-01-05", "received on the holiday itself: Friday 1, Monday 2"),
    ("message", "peace", "2024-01-05T12:00+02:00", "2024-01-09", "7 January, Sunday, is a holiday no more since 2024"),
    ("message", "peace", "2026-01-06T12:00+02:00", "2026-01-08", "7 January, Wednesday, is a working day"),
    ("message", "war", "2024-05-03T12:00+03:00", "2024-05-07", "Easter Sunday moves nothing under martial law"),
    ("message", "peace", "2024-05-03T12:00+03:00", "2024-05-09", "Monday for Easter, Wednesday 8 May; 9 May works"),
    ("message", "peace", "2024-06-21T12:00+03:00", "2024-06-26", "Trinity on Sunday the 23rd: Monday is off"),
    ("message", "peace", "2024-06-26T12:00+03:00", "2024-07-01", "Constitution Day on Friday: Thursday 1, Monday 2"),
    ("message", "peace", "2024-08-23T12:00+03:00", "2024-08-28", "Independence Day on Saturday: Monday is off"),
    ("message", "war", "2024-08-23T12:00+03:00", "2024-08-27", "the same Monday works under martial law"),
    ("message", "peace", "2025-03-07T12:00+02:00", "2025-03-12", "8 March on Saturday: Monday is off"),
    ("message", "peace", "2026-03-06T12:00+02:00", "2026-03-11", "8 March on Sunday: Monday is off"),
    ("message", "peace", "2025-09-30T12:00+03:00", "2025-10-03", "1 October, Wednesday, is Defenders' Day since 2023"),
    ("message", "peace", "2025-10-13T12:00+03:00", "2025-10-15", "14 October is a working day again"),
    ("message", "peace", "2026-07-14T12:00+03:00", "2026-07-17", "Statehood Day on Wednesday 15 July"),
    ("message", "peace", "2026-07-27T12:00+03:00", "2026-07-29", "28 July is Statehood Day no more"),
    # --- long holidays
    (
        "message",
        "peace",
        "2027-04-29T12:00+03:00",
        "2027-05-05",
        "1 May Saturday, Easter Sunday: the 3rd, 4th off",
    ),
    ("message", "war", "2027-04-29T12:00+03:00", "2027-05-03", "none of it under martial law"),
    ("message", "peace", "2027-04-30T23:59+03:00", "2027-05-06", "Friday before four days off: Wednesday 1"),
    ("message", "peace", "2027-05-06T12:00+03:00", "2027-05-11", "8 May on Saturday: Friday 1, Tuesday 2"),
    ("message", "peace", "2027-12-24T12:00+02:00", "2027-12-29", "Christmas on Saturday: Monday is off"),
    ("message", "peace", "2027-12-31T12:00+02:00", "2028-01-05", "New Year on Saturday: Monday the 3rd is off"),
    ("message", "war", "2027-12-31T12:00+02:00", "2028-01-04", "Monday 1, Tuesday 2"),
    # --- days moved by the government: Friday 2 January off for Saturday 10 January
    ("message", "moved", "2025-12-31T12:00+02:00", "2026-01-06", "Thursday and Friday off: Monday 1, Tuesday 2"),
    ("message", "moved", "2026-01-08T12:00+02:00", "2026-01-10", "Friday 1, the worked Saturday 2"),
    ("message", "moved", "2026-01-09T12:00+02:00", "2026-01-12", "the worked Saturday is 1"),
    ("message", "war moved", "2025-12-31T12:00+02:00", "2026-01-02", "under martial law nothing is moved"),
    ("message", "war moved", "2026-01-08T12:00+02:00", "2026-01-12", "and Saturday is a day off"),
    # --- martial law ends
    ("message", "war to 24.12.2025", "2025-12-23T12:00+02:00", "2025-12-26", "the 24th works, Christmas is off again"),
    ("message", "war to 25.12.2025", "2025-12-23T12:00+02:00", "2025-12-25", "its last day is still under martial law"),
    ("message", "war to 30.05.2026", "2026-05-29T12:00+03:00", "2026-06-03", "Trinity Sunday in peace: Monday is off"),
    (
        "message",
        "war to 31.05.2026",
        "2026-05-29T12:00+03:00",
        "2026-06-02",
        "under it Trinity gives no Monday",
    ),
    # --- fifteen days
    ("formal", "war", "2026-06-01T12:00+03:00", "2026-06-16", "1 + 15"),
    ("formal", "war", "2026-06-05T23:59+03:00", "2026-06-20", "a Saturday: the term does not move"),
    ("formal", "peace", "2025-12-10T12:00+02:00", "2025-12-25", "Christmas, off: the term does not move"),
    ("formal", "peace", "2025-12-20T12:00+02:00", "2026-01-04", "over New Year, on a Sunday"),
    ("formal", "war", "2024-02-14T12:00+02:00", "2024-02-29", "the leap day itself"),
    ("formal", "war", "2025-02-14T12:00+02:00", "2025-03-01", "no 29 February in 2025"),
    ("formal", "war", "2024-02-20T12:00+02:00", "2024-03-06", "over the leap day"),
    ("formal", "war", "2026-03-20T22:01+00:00", "2026-04-05", "21 March in Kyiv; over the short night, on a Sunday"),
    ("formal", "war", "2026-10-20T23:59+03:00", "2026-11-04", "over the long night"),
    # --- one month: the same day of the next month, or its last
    ("study", "war", "2026-01-28T12:00+02:00", "2026-02-28", "the same day"),
    ("study", "war", "2026-01-29T12:00+02:00", "2026-02-28", "no 29 February in 2026"),
    ("study", "war", "2026-01-31T12:00+02:00", "2026-02-28", "no 31 February"),
    ("study", "war", "2024-01-29T12:00+02:00", "2024-02-29", "leap year: the same day"),
    ("study", "war", "2024-01-31T12:00+02:00", "2024-02-29", "leap year: the last day"),
    ("study", "war", "2024-02-29T12:00+02:00", "2024-03-29", "from the leap day: the 29th, not the last"),
    ("study", "war", "2025-02-28T12:00+02:00", "2025-03-28", "the 28th, not the last"),
    ("study", "war", "2026-03-31T12:00+03:00", "2026-04-30", "no 31 April"),
    ("study", "war", "2026-04-30T12:00+03:00", "2026-05-30", "the 30th, not the 31st; a Saturday: it stays"),
    ("study", "war", "2026-07-31T12:00+03:00", "2026-08-31", "both have 31"),
    ("study", "war", "2026-12-31T12:00+02:00", "2027-01-31", "over the year, on a Sunday"),
    ("study", "war", "2026-01-30T22:01+00:00", "2026-02-28", "31 January in Kyiv, though the 30th in UTC"),
    ("study", "war", "2026-02-28T22:01+00:00", "2026-04-01", "1 March in Kyiv, though 28 February in UTC"),
    ("study", "peace", "2025-11-25T12:00+02:00", "2025-12-25", "ends on Christmas: it stays"),
    # --- forty-five days at most
    ("extension", "war", "2026-01-01T12:00+02:00", "2026-02-15", "30 days left in January, 15 more"),
    ("extension", "war", "2024-01-31T12:00+02:00", "2024-03-16", "29 days of February, 16 more"),
    ("extension", "war", "2025-01-31T12:00+02:00", "2025-03-17", "28 days of February, 17 more"),
    ("extension", "war", "2026-07-17T12:00+03:00", "2026-08-31", "14 days left in July, 31 in August"),
    ("extension", "war", "2026-12-01T12:00+02:00", "2027-01-15", "30 days left in December, 15 more"),
    # --- five days to forward
    ("forwarding", "war", "2026-06-04T12:00+03:00", "2026-06-09", "calendar days: the weekend counts"),
    ("forwarding", "war", "2026-06-01T23:59+03:00", "2026-06-06", "a Saturday: it stays"),
    ("forwarding", "war", "2026-06-01T21:01+00:00", "2026-06-07", "2 June in Kyiv; a Sunday: it stays"),
    ("forwarding", "peace", "2025-12-27T12:00+02:00", "2026-01-01", "ends on New Year's Day: it stays"),
    ("forwarding", "peace", "2025-12-30T12:00+02:00", "2026-01-04", "over New Year"),
    ("forwarding", "war", "2024-02-25T12:00+02:00", "2024-03-01", "over the leap day"),
    ("forwarding", "war", "2025-02-25T12:00+02:00", "2025-03-02", "no leap day"),
    # --- ten days to return
    ("returning", "peace", "2025-12-22T12:00+02:00", "2026-01-01", "ends on New Year's Day: it stays"),
    ("returning", "peace", "2025-12-25T12:00+02:00", "2026-01-04", "received on Christmas, over New Year"),
    ("returning", "war", "2024-02-20T12:00+02:00", "2024-03-01", "over the leap day"),
    ("returning", "war", "2026-02-20T12:00+02:00", "2026-03-02", "no leap day"),
    ("returning", "war", "2026-10-20T12:00+03:00", "2026-10-30", "over the long night"),
]
# Received, decided on, until (None: the month for study), and what comes of it.
EXTENSIONS = [
    ("2026-06-01", "2026-06-01", None, "2026-07-01", "needs study, said on the day of receipt"),
    ("2026-06-01", "2026-06-16", None, "2026-07-01", "said on day 15, the last one"),
    ("2026-06-01", "2026-06-17", None, "TermAlreadyOver", "said on day 16: overdue, and it stays so"),
    ("2026-06-01", "2026-07-01", "2026-07-02", "2026-07-02", "one day more, on the last day of the month"),
    ("2026-06-01", "2026-07-01", "2026-07-16", "2026-07-16", "day 45 exactly"),
    ("2026-06-01", "2026-07-01", "2026-07-17", "ExtensionTooLong", "day 46"),
    ("2026-06-01", "2026-07-02", "2026-07-16", "TermAlreadyOver", "a day too late, though within 45"),
    ("2026-06-01", "2026-06-20", "2026-07-01", "ExtensionNotLater", "the month itself is no extension"),
    ("2026-06-01", "2026-06-20", "2026-06-30", "ExtensionNotLater", "shorter than the month"),
    ("2024-01-31", "2024-02-29", "2024-03-16", "2024-03-16", "the month ended on the leap day; day 45"),
    ("2024-01-31", "2024-03-01", "2024-03-16", "TermAlreadyOver", "the day after the leap day"),
    ("2026-12-31", "2027-01-31", "2027-02-14", "2027-02-14", "day 45 over the year"),
    ("2026-12-31", "2027-01-31", "2027-02-15", "ExtensionTooLong", "day 46 over the year"),
]
# The day of the deadline, and the moment in UTC at which the letter becomes overdue.
MOMENTS = [
    ("2026-06-03", "2026-06-03T21:00+00:00", "summer"),
    ("2026-01-16", "2026-01-16T22:00+00:00", "winter"),
    ("2026-03-28", "2026-03-28T22:00+00:00", "the midnight before clocks go forward is still winter's"),
    ("2026-03-29", "2026-03-29T21:00+00:00", "the day of 23 hours ends in summer time"),
    ("2026-10-24", "2026-10-24T21:00+00:00", "the midnight before clocks go back is still summer's"),
    ("2026-10-25", "2026-10-25T22:00+00:00", "the day of 25 hours ends in winter time"),
    ("2026-12-31", "2026-12-31T22:00+00:00", "New Year comes to Kyiv first"),
    ("2024-02-29", "2024-02-29T22:00+00:00", "the leap day"),
]
# The deadline, the day of asking, working days left.
LEFT = [
    ("peace", "2025-12-29", "2025-12-24", 2, "Friday and Monday: Christmas is off"),
    ("war", "2025-12-29", "2025-12-24", 3, "Thursday, Friday, Monday"),
    ("war", "2026-06-08", "2026-06-05", 1, "from Friday to Monday"),
    ("war", "2026-06-08", "2026-06-06", 1, "from Saturday to Monday"),
    ("war", "2026-06-08", "2026-06-08", 0, "due today"),
    ("war", "2026-06-08", "2026-06-09", 0, "overdue"),
    ("war", "2026-06-20", "2026-06-19", 0, "due on Saturday: Friday is the last working day"),
    ("moved", "2026-01-10", "2026-01-08", 2, "Friday and the worked Saturday"),
]
