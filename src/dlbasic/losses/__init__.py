"""Losses: what a network is asked to make small."""
