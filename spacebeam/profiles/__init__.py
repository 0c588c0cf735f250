"""How to connect, as values: the profile, its validation, and the plan that net carries out."""
