"""Checks over SOAP, with pyvmomi."""
