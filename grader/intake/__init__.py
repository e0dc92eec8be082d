"""What a class handed in, found in what a platform exported, and laid out safely as one folder for each student."""
