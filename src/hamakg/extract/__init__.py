"""From an article to its facts: what its infobox states, and what its sentences tell."""
