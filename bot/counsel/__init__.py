"""Which words, when, in which language: counsel that holds against the caller."""
