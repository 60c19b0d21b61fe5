"""Measurements of the product on real data, and what is fitted to data. Not part of what is installed; see docs."""
