"""Money: the ledger, a project's budget, what answers and votes earn, payouts."""
