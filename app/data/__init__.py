"""Reference data of the province as CSV files, and `seed`, which puts them into the tables."""
