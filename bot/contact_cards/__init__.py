"""The contact card in a customer's hand: on paper, as a code to scan, and on its page."""
