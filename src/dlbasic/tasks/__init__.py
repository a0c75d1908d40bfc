"""Tasks: five questions that can be asked of one picture."""
