"""The simulator held to clients that VMware wrote."""
