"""Checks over REST, with VMware's SDK for 8.0.3."""
