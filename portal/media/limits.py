"""What an image may be, wherever it comes in: with a message, with a check, or fetched from a shop."""

MAX_BYTES = 5_000_000  # of one file that is sent with a message, or one image that is fetched
MAX_SCREENSHOT_BYTES = 8_000_000  # a whole screen as PNG; it is kept as it came, since it is evidence
MAX_PIXELS = 40_000_000  # what opening costs depends on these, not on the bytes
MAX_SCANS = 50  # of a JPEG, each of which may cover all pixels; cameras and editors write 1 to 14
MIN_SIDE = 32  # pixels: what is smaller is a dot or a spacer
FETCHED = ("JPEG", "PNG", "WEBP", "GIF")  # what Pillow may take the bytes for: nothing that runs a program
UPLOADED = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
