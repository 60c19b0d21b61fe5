"""The API's listings, flags, messages, exclusions and dry runs, through the same services as the pages."""
