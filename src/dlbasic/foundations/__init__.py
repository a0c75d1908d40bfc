"""Foundations: what deep learning is, and what one needs to read and to write it."""
