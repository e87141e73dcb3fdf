"""Dialogs, one a file: each takes a value and gives one back."""
