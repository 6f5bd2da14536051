# The bot in a container: packages with hashes, no compiler left behind, no root.
FROM python:3.11-slim AS packages
COPY requirements.txt .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home crowdloom \
    && install -d -o crowdloom -g crowdloom /data
COPY --from=packages /opt/venv /opt/venv
COPY . /app
RUN /opt/venv/bin/python -m compileall -q /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CROWDLOOM_BOOTSTRAP=off \
    CROWDLOOM_LISTEN=0.0.0.0:8080 \
    CROWDLOOM_LOG_FORMAT=json
USER crowdloom
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["python", "/app/main.py"]
CMD ["run"]
