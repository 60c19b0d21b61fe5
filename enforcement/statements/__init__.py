"""Statements of reasons: each final removal as the DSA Transparency Database takes it (Regulation (EU) 2022/2065, Art. 24(5))."""
