"""Virtual pods: Bluetooth sensors made of software, on a radio made of software.

They speak real ATT over a simulated link (bumble), so a collector has to scan, connect, subscribe and lose them as it
would a pod on a shoe. What they play is simulated or recorded elsewhere and handed in as bytes.
"""
