"""The chat page: Gradio carries events and uploads, our own modules in `static` draw what is seen."""
