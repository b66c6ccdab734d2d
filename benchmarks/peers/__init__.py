"""What runs inside of other products' own environments."""
