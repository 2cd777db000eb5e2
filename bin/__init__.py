"""Programs behind the Makefile: set-up, serving, testing, texts, migrations."""
