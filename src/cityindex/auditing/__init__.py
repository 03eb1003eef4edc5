"""Does a published index hold? Schemes, reproductions, weights that were never printed, sentences of a report."""
