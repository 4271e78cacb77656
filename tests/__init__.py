"""What Homeward promises, as tests; `house/` holds the rules of the house."""
