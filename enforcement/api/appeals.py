"""Appeals, answered by someone at the regulator who did not decide before."""

from django.db.models import QuerySet
from rest_framework.request import Request

from enforcement import services
from enforcement.appeals.filters import AppealFilter
from enforcement.models import Appeal
from enforcement.serializers import AppealRowSerializer
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.serializers import AnswerSerializer
from portal.api.views import DetailView, ListView
from portal.identity.actors import Actor


class AppealList(ListView):
    """Appeals, newest first."""

    serializer_class = AppealRowSerializer
    filterset_class = AppealFilter
    queryset = Appeal.objects.none()

    def get_queryset(self) -> QuerySet[Appeal]:
        return AppealDetail.rows_for(self.request)


class AppealDetail(DetailView):
    """One appeal."""

    serializer_class = AppealRowSerializer
    queryset = Appeal.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[Appeal]:
        return Appeal.objects.visible_to(actor_of(request)).select_related("takedown__platform")


class AppealAnswer(Act):
    """Grant or reject an appeal, with a reason. A grant dismisses the flag and adds an exclusion for the listing."""

    shows, takes = AppealDetail, AnswerSerializer

    def act(self, row: Appeal, actor: Actor, *, grant: bool, answer: str) -> None:
        services.answer_appeal(appeal=row, grant=grant, answer=answer, actor=actor)
