# Kith as a container. docker-compose.yml runs it beside Neo4j; alone it uses the embedded engine in /data.
# docs/how-to/run-with-docker.md says how.

FROM node:22-slim AS browser
WORKDIR /build/explorer
COPY explorer/package.json explorer/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY explorer/ ./
RUN npm run build

FROM python:3.11-slim AS python
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/kith/bin:$PATH
RUN python -m venv /opt/kith
COPY requirements.lock /tmp/
RUN pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY cypher/ cypher/
COPY examples/ examples/
COPY graph_model/ graph_model/
COPY analytics/ analytics/
COPY api/ api/
COPY cli/ cli/
RUN pip install --no-deps --no-build-isolation -e . && python -m analytics.warm

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home kith && mkdir /data && chown kith:kith /data
COPY --from=python /opt/kith /opt/kith
COPY --from=python /app /app
COPY --from=browser /build/explorer/dist /app/explorer/dist
ENV PATH=/opt/kith/bin:$PATH PYTHONUNBUFFERED=1 KITH_DATA=/data
USER kith
WORKDIR /home/kith
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["kith", "serve", "--host", "0.0.0.0"]
