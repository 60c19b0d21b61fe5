"""Notifications to people and programs: in the portal, by mail and by webhook, and how they are delivered."""
