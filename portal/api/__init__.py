"""What all API endpoints share: keys, access, pages of rows, and errors as problem details (RFC 9457)."""
