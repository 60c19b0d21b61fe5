"""What people and programs are told: notifications, mail and webhooks, and how they are delivered."""
