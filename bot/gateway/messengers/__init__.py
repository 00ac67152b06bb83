"""What all messengers share: what they bring is kept, answered in order, and never lost."""
