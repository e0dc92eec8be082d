"""What a submission's container may do and use: the same for one that runs alone and for one of a project."""

# Docker's default set less what an honest web app never needs: raw sockets, device nodes, chroot, file capabilities.
# With none at all, a start script that runs as root and then changes its user would fail.
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID")
CPUS = 1
PIDS = 256  # fewer would stop gVisor's own threads
OPEN_FILES = 4096
SHARED_MEMORY = "64m"
# The default driver keeps everything; this one turns over. It cannot compress with one file alone.
LOG_DRIVER = "local"
LOG_OPTIONS = {"max-size": "1m", "max-file": "2"}
