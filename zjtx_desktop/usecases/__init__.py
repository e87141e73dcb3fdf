"""What the office does, one module a noun: values in, frozen lines out; none of them commits."""
