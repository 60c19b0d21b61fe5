"""The walkthroughs of docs/walkthroughs.md: a visitor at a browser, what is set up on the site before, and the three tasks."""
