"""The walkthroughs of docs/walkthroughs.md: a visitor at a browser, what is set up before, and the three tasks."""
