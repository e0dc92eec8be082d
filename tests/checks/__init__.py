"""Each kind of check, on subjects that do what the test says."""
