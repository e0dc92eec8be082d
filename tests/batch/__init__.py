"""A class at once: intake, the batch's file, the run, and what comes out."""
