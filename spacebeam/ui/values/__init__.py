"""Values over time: pinned values, their sparklines and their chart."""
