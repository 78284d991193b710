"""Budgets against what was really spent: rows from the warehouse, messages, and changes that somebody agreed to."""
