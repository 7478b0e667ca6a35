"""Files → readings, and the sentences about what went wrong with them."""
