"""The services over which the desk tells people. One module each."""
