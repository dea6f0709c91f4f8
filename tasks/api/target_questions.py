"""What the plan leaves open and how it is answered; which organisation a printed unit is."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import standing, targets
from tasks.api import target_samples as samples
from tasks.api import target_shapes as shapes
from tasks.models import UnitAssignment
from tasks.standing import rights


class Questions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("方案未明事项及其答复", "What the plan leaves open, with the answers"),
            response=shapes.QuestionShape,
            many=True,
            answer=[samples.QUESTION],
        ),
        "POST": Operation(
            "target.decide",
            Text("就目标提出疑问", "Ask a question about targets"),
            status=201,
            request=shapes.QuestionRequest,
            response=shapes.QuestionShape,
            example=samples.QUESTION_REQUEST,
            answer={**samples.QUESTION, "answers": []},
        ),
    }

    def get(self, request: Request) -> Response:
        codes = rights.theirs(person_of(request), known_at=timezone.now())
        return Response(self.show(standing.questions_of(codes), request=request))

    def post(self, request: Request) -> Response:
        made = targets.raise_question(by=person_of(request), now=timezone.now(), **self.read_body(request))
        return Response(self.show(made, request=request), status=201)


class Answers(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "target.decide",
            Text("答复一项疑问，附文件", "Answer a question, with its document"),
            status=201,
            request=shapes.AnswerRequest,
            response=shapes.AnswerShape,
            example=samples.ANSWER_REQUEST,
            answer=samples.ANSWER,
            problems=(NotFound,),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        made = targets.answer(code, by=person_of(request), now=timezone.now(), **self.read_body(request))
        return Response(self.show(made, request=request), status=201)


class Units(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("方案列出的责任单位", "The units that the plan names"),
            response=shapes.UnitShape,
            many=True,
            answer=[samples.UNIT],
        ),
        "POST": Operation(
            "target.decide",
            Text("指明责任单位对应的机构", "Say which organisation a unit is"),
            status=201,
            request=shapes.AssignmentRequest,
            response=shapes.UnitShape,
            example={"unit": "科技局", "organisation": "tech-bureau"},
            answer=samples.UNIT,
            problems=(NotFound,),
        ),
    }

    def get(self, request: Request) -> Response:
        return Response(self.show(rights.units(), request=request))

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        made = targets.assign_unit(
            body["unit"], organisation=body["organisation"], by=person_of(request), now=timezone.now()
        )
        return Response(self.show(_unit(made), request=request), status=201)


def _unit(made: UnitAssignment) -> dict[str, str]:
    return {"unit": made.unit.name, "name_en": made.unit.name_en, "organisation": made.organisation.code}
