"""The deployment as containers: the folder with its secrets, certificates and broker accounts, and database roles."""
