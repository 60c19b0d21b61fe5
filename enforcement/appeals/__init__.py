"""Appeals: a platform or a seller contests that a listing is the recalled product."""
