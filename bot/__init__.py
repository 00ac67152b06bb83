"""Second Voice: the second voice on the line when a caller has frightened somebody into paying."""
