# The tag names the release line; where images are pinned by digest, write python:3.13-slim-trixie@sha256:... in both stages.
FROM python:3.13-slim-trixie AS build

WORKDIR /opt/source

# The packages first: they change less often than our code, and their layer is kept.
COPY requirements/build.txt requirements/image.txt requirements/
RUN python -m venv --without-pip /opt/icp_sync \
    && pip --python /opt/icp_sync/bin/python install --no-cache-dir --require-hashes --requirement requirements/image.txt
RUN python -m venv /opt/backend \
    && /opt/backend/bin/pip install --no-cache-dir --require-hashes --requirement requirements/build.txt

COPY pyproject.toml LICENSE NOTICE README.md ./
COPY icp_sync icp_sync
RUN /opt/backend/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && pip --python /opt/icp_sync/bin/python install --no-cache-dir --no-deps dist/*.whl


FROM python:3.13-slim-trixie

LABEL org.opencontainers.image.title="icp_sync" \
      org.opencontainers.image.description="Keeps a company's Ideal Customer Profile true inside HubSpot" \
      org.opencontainers.image.licenses="Apache-2.0"

# The number is fixed because volumes remember numbers, and Kubernetes checks runAsNonRoot by number.
RUN groupadd --gid 10001 icp_sync \
    && useradd --uid 10001 --gid icp_sync --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin icp_sync \
    && install --directory --owner icp_sync --group icp_sync --mode 0700 /var/lib/icp_sync

COPY --from=build /opt/icp_sync /opt/icp_sync

ENV PATH="/opt/icp_sync/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    ICP_SYNC_PROFILE=/config/icp.yaml \
    ICP_SYNC_STATE=/var/lib/icp_sync

USER 10001:10001
VOLUME ["/var/lib/icp_sync"]
WORKDIR /config

ENTRYPOINT ["icp-sync"]
CMD ["--help"]
