"""WhatsApp: what Meta brings is believed when it is signed, kept, answered in order, never lost."""
