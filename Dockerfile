# The service in production: one image for provision, web, worker and scheduler. No embedded servers inside.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=finance_hub.settings \
    FINANCE_HUB_PROFILE=production \
    FINANCE_HUB_VAR=/var/lib/finance_hub

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin finance_hub \
    && install -d -o finance_hub -g finance_hub -m 0750 /var/lib/finance_hub

WORKDIR /srv/finance_hub

# The packages first: they change less often than the code.
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt

# Owned by root: the service cannot rewrite its own code.
COPY . .
RUN python -m compileall -q finance_hub funds loans listings tasks

USER finance_hub
VOLUME /var/lib/finance_hub
EXPOSE 8000

# gunicorn's heartbeat files live in memory; its control socket is not opened. A request may finish for 25 s
# after SIGTERM. Uploads may take longer than the timeout: it watches the worker, not the request.
CMD ["python", "-m", "gunicorn", "finance_hub.wsgi:application", \
     "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-class", "gthread", "--threads", "12", \
     "--timeout", "120", "--graceful-timeout", "25", "--keep-alive", "5", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
