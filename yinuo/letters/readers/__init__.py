"""What outside mail programs write, turned into what it says. Knows no database and no Django."""
