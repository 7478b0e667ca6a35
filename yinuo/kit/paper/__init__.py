"""PDF on the company's paper: one template for everything that is printed, set by typst. Knows no Django."""
