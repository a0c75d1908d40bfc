"""Regularization: what makes learning harder, so that more of it holds for new data."""
