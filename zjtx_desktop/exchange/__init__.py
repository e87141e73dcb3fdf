"""Files in and out: spreadsheets that come in, workbooks that go to the city."""
