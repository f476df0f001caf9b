"""The demo: the unit, the people and the report of a real 2018 example, told through the services day by day."""
