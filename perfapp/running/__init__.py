"""`make run`: starts the web server, the worker, the clock and the broker as one, and stops them as one."""
