"""What the crowd knows: consensus from redundant answers."""
