"""The demo company: invented, and driven by the same actions as real life."""
