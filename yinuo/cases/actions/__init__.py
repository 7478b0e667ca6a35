"""What people do with cases: opening, judging, planning, talking, closing, steering; and following the procedure."""
