"""What a comment says, and whether there are more angry ones than usual. Pure: no warehouse, no desk, no network."""
