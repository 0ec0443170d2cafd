"""Ways to read every company, each a program: token and address from the environment, its cost on stdout."""
