"""Rules on sources: what a rule asks as SQL, its counts, its verdict, and the rows behind it."""
