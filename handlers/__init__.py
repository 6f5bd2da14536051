"""Conversations: an event in, a turn out. Plain functions; they know no database, no network and no Telegram."""
