"""Outside files → clean rows: ledgers of requests that a department kept in workbooks."""
