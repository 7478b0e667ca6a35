"""Pages: the list, intake, one case with its dialogs, feedback by link, lessons, conventions."""
