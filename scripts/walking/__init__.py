"""The walkthroughs of docs/walkthroughs.md: a stranger at a browser, the stage, and the three tasks."""
