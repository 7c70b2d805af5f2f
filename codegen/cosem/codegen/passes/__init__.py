"""IR → IR: editions, names to objects, rules, and what goes into which module."""
