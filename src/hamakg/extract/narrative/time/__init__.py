"""When: the wordings of dates, the day that a story has reached, and the days that hold for an event."""
