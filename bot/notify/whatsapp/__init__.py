"""How messages are sent by WhatsApp, through the Cloud API of Meta."""
