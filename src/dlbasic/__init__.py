"""DL Basic: the foundations and flow of deep learning, as programs that run."""
