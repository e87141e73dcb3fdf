"""Pages on paper by GB/T 9704-2012: the page engine and one module a kind of document."""
