"""The course tests itself: its console blocks are run, its pages are linted."""
