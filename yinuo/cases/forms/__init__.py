"""What people enter about cases: intake, tables inside procedure steps, dialogs."""
