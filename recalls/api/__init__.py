"""The API's recalls and notices, through the same services as the pages."""
