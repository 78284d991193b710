"""What people write under our posts: heard, scored, counted, told, and what is done about it."""
