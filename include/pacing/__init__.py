"""Whether an ad budget's money lasts, and what to set today. Pure: spend comes in as rows, words go out."""
