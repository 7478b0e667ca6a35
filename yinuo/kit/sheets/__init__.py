"""Excel in and out: workbooks written as a stream, foreign sheets read with their addresses. Knows no Django."""
