"""History → findings. Pure: the same history always says the same."""
