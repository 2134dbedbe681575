"""The chat page: Gradio carries events and uploads, our own modules in `static` draw what is seen."""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported: nothing is reported anywhere
