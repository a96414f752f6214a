"""What the board shows is made of: what was heard, what a history says, what stands beside it, and what is new."""
