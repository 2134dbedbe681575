# The page and the API: docker build -t kutip . &&
# docker run -p 127.0.0.1:7860:7860 -v kutip:/data -e KUTIP_USERS=… -e KUTIP_API_KEYS=… kutip
FROM python:3.11-slim

RUN useradd --system --uid 10001 --create-home kutip && mkdir /data && chown kutip /data
WORKDIR /app

COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY rag rag
COPY ui ui
COPY evals evals
COPY seeds seeds
RUN pip install --no-cache-dir --constraint constraints.txt --editable .

USER kutip
ENV KUTIP_HOME=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
# Beyond the container others can reach it: without KUTIP_USERS or KUTIP_API_KEYS it refuses to start.
ENTRYPOINT ["kutip"]
CMD ["serve", "--host", "0.0.0.0", "--port", "7860"]
