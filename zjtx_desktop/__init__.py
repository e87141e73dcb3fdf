"""The engine: everything the office does with awards, without a screen."""

VERSION = "0.1.0"
