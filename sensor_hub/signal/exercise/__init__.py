"""What a sensor on a foot or a shank sees of exercises. Experimental."""
