"""Rules about GTINs, models, versions and sizes: which exact product it is."""
