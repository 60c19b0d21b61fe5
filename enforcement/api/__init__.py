"""The API's takedowns and what follows from them, through the same services as the pages."""
