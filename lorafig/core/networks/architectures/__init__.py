"""Architectures: the shapes of every weight of a network by the values of its configuration, once each."""
