"""When whom a batch concerns is judged, and by which of several hubs; what a person is told, and by whom."""
