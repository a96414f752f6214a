"""What things are: readings, steps, loads, findings, people. No behaviour beyond their own arithmetic."""
