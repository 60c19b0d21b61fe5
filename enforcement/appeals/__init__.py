"""Appeals: a platform or a seller disputes that a listing is the recalled product."""
