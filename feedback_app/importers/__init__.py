"""Outside files -> typed rows with precise errors: pure functions, without a database and without Flask."""
