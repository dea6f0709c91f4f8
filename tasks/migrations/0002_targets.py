"""The plan's 54 quantified targets, read from tasks/data/targets.json."""

import json
from pathlib import Path

from django.db import migrations

SOURCE = Path(__file__).resolve().parent.parent / "data" / "targets.json"


def load(apps, schema_editor):
    target = apps.get_model("tasks", "Target")
    for position, row in enumerate(json.loads(SOURCE.read_text("utf-8"))["targets"], start=1):
        target.objects.create(
            code=row["id"],
            position=position,
            metric=row["metric"],
            text=row["zh"],
            text_en=row["en"],
            quote=row["quote_as_printed"],
            value=str(row["value"]),
            unit=row["unit"],
            comparison=row["comparison"],
            strength=row["strength"],
            # "each year" stands where the target recurs; the plan begins with 2022.
            baseline_date=row["period"].split("/")[0] if "/" in row["period"] else "2022-01-01",
            deadline=row["deadline"],
            deadline_basis=row["deadline_basis"],
            lead_unit=row["lead_unit"] or "",
            co_responsible_units=row["co_responsible_units"],
            tracking=row["tracking"],
            note=row.get("note") or "",
        )


def unload(apps, schema_editor):
    apps.get_model("tasks", "Target").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
