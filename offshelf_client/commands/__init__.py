"""The commands, one module each: `add` describes the arguments, `run` does it and returns an exit status."""
