"""The seeded world: what the accounts were doing, and how people took it. Pure; numbers follow from seed and date."""
