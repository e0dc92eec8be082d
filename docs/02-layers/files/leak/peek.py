"""Prints the first file of a given name in any layer of an image that `docker save` wrote to standard input."""

import contextlib
import io
import sys
import tarfile

wanted = sys.argv[1]
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as image:
    for part in image:
        content = image.extractfile(part)
        if content is None:
            continue
        # Not every part is a layer.
        with contextlib.suppress(tarfile.ReadError), tarfile.open(fileobj=io.BytesIO(content.read())) as layer:
            for file in layer:
                if file.isfile() and file.name.rpartition("/")[2] == wanted:
                    print(file.name, layer.extractfile(file).read().decode(), sep="\n", end="")
                    sys.exit()
sys.exit(f"no layer holds {wanted}")
