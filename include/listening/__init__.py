"""What people write under posts: heard, kept, judged, counted, told."""
