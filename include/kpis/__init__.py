"""What the numbers mean: each KPI said once, rolled up by ISO week, and compared with the week before."""
