"""How people are reached: by invitations of others."""
