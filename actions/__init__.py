"""What Rasa asks the action server to do: read the tracker, call a service, speak."""
