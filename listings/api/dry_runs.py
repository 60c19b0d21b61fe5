"""Dry runs: what a recall would find in the catalogues, for its regulator alone. Nothing is flagged."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from listings import services, tasks
from listings.models import DryRun
from listings.serializers.searches import DryRunSerializer
from portal.api.acts import Act
from portal.api.permissions import actor_of
from portal.api.views import DetailView, ListView
from portal.background.hurry import hurry
from portal.identity.actors import Actor
from recalls.models import Recall


class DryRunList(ListView):
    """The dry runs of a recall, newest first."""

    serializer_class = DryRunSerializer
    queryset = DryRun.objects.none()
    updated_field = ""

    def get_queryset(self) -> QuerySet[DryRun]:
        return DryRunDetail.rows_for(self.request).filter(version__recall=self._recall())

    @extend_schema(request=None, responses={201: DryRunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Start a dry run of the unpublished version, or else of the one in force. Where one is under way, that one is
        answered. Fetch it again until its status is done."""
        recall = self._recall()
        version = recall.versions.filter(published_at=None).first() or recall.current
        if version is None:
            raise Http404
        version.recall = recall
        run = services.start_dry_run(version=version, actor=actor_of(request))
        hurry(tasks.run_dry_runs_due)
        return Response(DryRunSerializer(DryRunDetail.rows_for(request).get(pk=run.pk)).data, status=201)

    def _recall(self) -> Recall:
        rows = Recall.objects.visible_to(actor_of(self.request)).select_related("current")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class DryRunDetail(DetailView):
    """One dry run, with what it found on each platform so far."""

    serializer_class = DryRunSerializer
    queryset = DryRun.objects.none()

    @classmethod
    def rows_for(cls, request: Request) -> QuerySet[DryRun]:
        rows = DryRun.objects.visible_to(actor_of(request)).select_related("version__recall")
        return rows.prefetch_related("results__platform")


class DryRunCancel(Act):
    """Stop a dry run. Platforms that were already searched keep their counts."""

    shows = DryRunDetail

    def act(self, row: DryRun, actor: Actor) -> None:
        services.cancel_dry_run(run=row, actor=actor)
