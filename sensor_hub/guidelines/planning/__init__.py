"""What is left of each limit, and a next week that keeps every rule. Pure."""
