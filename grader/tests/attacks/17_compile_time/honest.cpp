// Nothing hostile by itself.
