"""What admins do by chat."""
