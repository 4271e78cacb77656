"""How fast plans are made and proven, beside the model one would write first."""
