"""A procedure (管理程序) as data: its shapes, its YAML, its checks. No Django, no clock."""
