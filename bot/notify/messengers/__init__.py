"""How what is said to a customer becomes messages of a messenger, whichever it is."""
