"""The database of a deployment: who may connect to it, and what each may do there."""
