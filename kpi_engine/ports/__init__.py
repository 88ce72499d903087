"""What an indicator reads beside its meters: one module per kind of input. Pure; what they ask for, sources read."""
