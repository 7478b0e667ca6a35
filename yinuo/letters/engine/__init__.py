"""Pure machinery of the room: placeholders in the words that letters begin with."""
