"""The statutory tables by edition: cells, labels, printed order, and which figure stands in which cell."""
