"""What the pages call the things that the walkthroughs look for: the one place to change when a page is reworded.

Patterns are matched against accessible names (labels, link and button texts), not against markup.
"""

import re


def named(pattern: str) -> re.Pattern[str]:
    """A label may stand on a line of its own: blanks around it are no part of its words."""
    loose = re.sub(r"\$$", r"\\s*$", re.sub(r"^\^", r"^\\s*", pattern))
    return re.compile(loose, re.IGNORECASE)


# Everybody
MAIL, PASSWORD, SIGN_IN = named("e-?mail"), named("^password"), named("^sign in$")
SEARCH = named("^search$")
FIRST_STEPS = "getting started"
SAVE = named("^(save|create|add(?! another))")
APPLY = named("^apply$")

# Pages of the main navigation
MENU = named("^menu$")
QUEUE = named("^queue")
BOARD, RECALLS, TAKEDOWNS = named("^board"), named("^recalls"), named("^takedowns")
POLICIES, IMPORTS, AUDIT = named("^policies"), named("^imports"), named("^audit")

# A recall and its notice
WRITE_RECALL, TO_REVIEW, PUBLISH = named("^create recall"), named("^submit for review"), named("^publish")
NUMBER, TITLE, PRIORITY = named("^recall number"), named("^title"), named("^priority")
DESCRIPTION, HAZARD, REMEDY = named("^description"), named("^hazard"), named("^remedy")
PRODUCT, BRAND, MODELS = named("^product(?! \\d)"), named("^brand"), named("^model numbers")
SEND_RECALL, SEND_SELECTED = named("^send to platforms"), named("^send selected")
POLICY, SEND_NOTICES, YES_SEND = named("^policy"), named("^preview"), named("^send \\d+ notice")
MATCHED, FLAGS_FOUND = named("done"), named("\\d+ flags? found on")
STATUS = named("^status")
FIND_TAKEDOWN, FIND_RECALL = named("recall number or listing id"), named("^(recall|find)$")

# The moderator's bench
QUEUE_CLEAR = named("queue clear")
CANNOT_TELL = named("the listing alone does not show")
SHORTCUTS = named("keyboard shortcuts")
FLAG_IN_TITLE, NEXT = named("^flag (\\d+)"), named("^next")
KEY_REMOVED, KEY_NOT_PRODUCT, KEY_ASK = "1", "3", "4"
OF_A_REASON = "model"  # part of one, typed to find it
KEY_DECIDE, KEY_REASON, KEY_NOTE, KEY_NEXT = "d", "r", "n", "j"

# The admin's proof
FLAG_LINK, PROOF_LINK = named("^flag \\d+"), named("^checks, escalation and proof")
EVIDENCE_PACK, VERIFY, EXPORT = named("^(create )?evidence pack"), named("^verify chain"), named("^export")
DOWNLOAD = named("^download$")
WHOLE, MISSED, LATE = named("the chain is intact"), named("missed"), named("late")
IN_THE_LOG = named("in the audit log")
