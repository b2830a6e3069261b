"""The verbs. Each change of state is one function here: allow, advance, record, tell. Nobody here commits."""
