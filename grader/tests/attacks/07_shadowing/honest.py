"""Nothing hostile by itself."""
