"""What the workers make: documents, seals, letters. The web never imports this room."""
