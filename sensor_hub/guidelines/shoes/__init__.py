"""What is said of shoes: how far a pair has run, and how a lower drop is got used to. Pure."""
