"""What keeps the tallies: parts of other rooms' acts, and putting rows together."""
