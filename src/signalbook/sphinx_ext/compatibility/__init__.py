"""What the site shows of the measured history: ranges, tables, changes and claims."""
