#!/bin/sh
# No service starts because its package was installed: a container starts what its CMD says.
exit 101
