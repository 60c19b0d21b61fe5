"""English dates: 05 Mar 2026, 17:00."""

DATE_FORMAT = "d M Y"
DATETIME_FORMAT = "d M Y, H:i"
