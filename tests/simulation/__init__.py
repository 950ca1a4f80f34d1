"""What our intervals and tests achieve in samples of named populations."""
