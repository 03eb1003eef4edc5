"""Results over periods: one of them, index numbers to a fixed base, chains that survive revisions."""
