"""The sheets of the procedure editor: which controls stand at which place of a definition, and what each may be."""
