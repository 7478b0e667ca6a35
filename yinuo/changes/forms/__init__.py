"""What people say about changes: the change itself, what is decided, what is done, the terms."""
