"""``make soak``: a hundred simulated athletes with a pod on each foot, in real time, and what it costs a hub."""
