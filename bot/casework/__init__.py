"""Casework: customers, managers, cases, evidence, escalations, outbox; no Rasa, no HTTP."""
