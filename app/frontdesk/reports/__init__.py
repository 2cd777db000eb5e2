"""The reports of the front desk: what a period brought."""
