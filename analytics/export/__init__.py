"""Data that leave: data sets with their codebook, files, bundles, and who took them."""
