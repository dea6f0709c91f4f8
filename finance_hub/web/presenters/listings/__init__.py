"""What the pages of the listings show."""
