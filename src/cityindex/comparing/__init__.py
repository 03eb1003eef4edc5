"""Two results side by side: who moved, and what each change was made of (data, weights, structure, calibration)."""
