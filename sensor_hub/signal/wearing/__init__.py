"""How a sensor is worn, and whose strides they seem to be."""
