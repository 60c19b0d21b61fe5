"""The plans of checks that belong to takedowns which a benchmark has written past the services."""

CHECK_PLANS = """INSERT INTO enforcement_checkplan (takedown_id, platform_id) SELECT id, platform_id FROM enforcement_takedown t
WHERE NOT EXISTS (SELECT 1 FROM enforcement_checkplan p WHERE p.takedown_id = t.id)"""
