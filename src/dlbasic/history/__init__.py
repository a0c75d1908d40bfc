"""The ideas that stood the test of time, each in the four sections of its paper."""
