"""The labels that we put on what we make."""

STAND_IN = "org.shipshape.stand-in"  # a base image that was built here in place of the official one; its value names it
RUN = "shipshape.run."  # what one run made; a random key follows
