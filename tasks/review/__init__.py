"""Review: what reviewers decide, how, and what follows: votes, verdicts, single answers, appeals."""
