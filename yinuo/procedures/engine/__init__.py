"""The machinery that moves a run through its procedure and draws it. Pure: no Django, no clock, no people."""
