#!/bin/sh
set -e

# TODO: wait for the database, make the tables, and become the command that this script was given.
