"""What people edit: the brands, their targets and their calendar. Every mistake is named, and all of them at once."""
