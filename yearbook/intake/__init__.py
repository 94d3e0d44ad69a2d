"""What people hand over, before it is data: sheets of cells, header names, declared clean-ups, letters about drift."""
