"""The image of Pharos's processes and what its containers run beside them."""
