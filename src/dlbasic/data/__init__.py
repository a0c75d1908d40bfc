"""Real data that ships inside packages, so that nothing is downloaded."""
