"""How well notices of several regulators about one product are linked (recalls/linking), on a labelled set."""
