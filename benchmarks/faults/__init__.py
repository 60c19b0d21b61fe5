"""A drill: the whole product under load with faults and hostile input, and the checks that must pass afterwards."""
