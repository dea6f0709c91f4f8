"""What our intake is measured against, served by a gunicorn of its own.

`/copy/<table>` pipes its body into a binary COPY: the limit. `/bulk` and `/saves` do what a usual
REST project does with the same rows as JSON: a ModelSerializer for all of them, then `bulk_create`
or a save for each. `/bare` answers the bytes of a file, and does nothing else.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

import environ
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {**environ.Env.db_url_config(os.environ["PEER_DATABASE_URL"]), "CONN_MAX_AGE": 600}
    },
    INSTALLED_APPS=["rest_framework"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="a peer signs nothing",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    USE_TZ=True,
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
)

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

CHUNK = 1024 * 1024


class Position(models.Model):
    """A month-end position in a table with the constraints of ours; parents are given by number."""

    bank_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()
    drawdown_id = models.BigIntegerField()
    row_number = models.PositiveIntegerField()
    client_row_id = models.CharField(max_length=64)
    month = models.DateField()
    revision = models.PositiveIntegerField()
    balance = models.DecimalField(max_digits=18, decimal_places=2)
    overdue_days = models.PositiveIntegerField()
    overdue_principal = models.DecimalField(max_digits=18, decimal_places=2)
    overdue_interest = models.DecimalField(max_digits=18, decimal_places=2)
    five_tier = models.CharField(max_length=16)
    recorded_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("drawdown_id", "month", "revision", "bank_id")

    class Meta:
        app_label = "peer"
        db_table = "peer_position"
        managed = False


class PositionSerializer(serializers.ModelSerializer[Position]):
    class Meta:
        model = Position
        exclude: ClassVar = ["pk"]


STATIC = Path(os.environ["PEER_STATIC"]).read_bytes() if "PEER_STATIC" in os.environ else b"{}"


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(STATIC, content_type="application/json")


def ready(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready")


def copy(request: HttpRequest, table: str) -> HttpResponse:
    statement = f"COPY {connection.ops.quote_name(table)} FROM STDIN (FORMAT binary)"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as pipe:
        while chunk := request.read(CHUNK):
            pipe.write(chunk)
    return HttpResponse("copied")


class Bulk(APIView):
    def post(self, request: Request) -> Response:
        read: Any = PositionSerializer(data=request.data, many=True)
        read.is_valid(raise_exception=True)
        Position._default_manager.bulk_create([Position(**row) for row in read.validated_data])
        return Response({"created": len(read.validated_data)}, status=201)


class Saves(APIView):
    def post(self, request: Request) -> Response:
        read: Any = PositionSerializer(data=request.data, many=True)
        read.is_valid(raise_exception=True)
        for row in read.validated_data:
            Position(**row).save(force_insert=True)
        return Response({"created": len(read.validated_data)}, status=201)


urlpatterns = [
    path("readyz", ready),
    path("bare", bare),
    path("copy/<str:table>", copy),
    path("bulk", Bulk.as_view()),
    path("saves", Saves.as_view()),
]
application = get_wsgi_application()
