"""What the reports answer: figures ready to draw, each with the build that they come from."""
