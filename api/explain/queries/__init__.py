"""What explanations read: the rows below a figure, and the events below the rows."""
