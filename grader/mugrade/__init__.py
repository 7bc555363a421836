"""Drop-in for the client of the original course."""
