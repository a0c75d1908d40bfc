"""How the pages are made: each program runs once, and its outcome serves page and test alike."""
