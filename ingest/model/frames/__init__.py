"""What frames that devices send by radio consist of, as data: a profile describes them, and nobody writes code."""
