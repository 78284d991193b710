"""What a comment says, and when many say it at once: pure; knows neither the warehouse nor a platform."""
