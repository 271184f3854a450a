"""What people see and do. May import layers and data."""
