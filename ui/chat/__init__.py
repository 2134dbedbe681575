"""The chat page: Gradio carries events and uploads, our own modules in `static` draw what is seen."""

import os
import tempfile

_UPLOADS = tempfile.TemporaryDirectory(prefix="kutip-")  # this process's own, gone with it
os.environ.setdefault("GRADIO_TEMP_DIR", _UPLOADS.name)  # these are read when gradio is imported
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # nothing is reported anywhere
