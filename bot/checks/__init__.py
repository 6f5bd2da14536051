"""What ``doctor`` looks at: each check finds that all is well, or one thing with its remedy."""
