"""What is kept of training: words and one vector each."""
