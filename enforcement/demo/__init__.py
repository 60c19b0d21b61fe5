"""The past of the demo: three months that the services lived through under a staged clock."""
