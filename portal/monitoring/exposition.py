"""Metrics in the text format of Prometheus: figures of the moment, and page times of all processes of this web server."""

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from portal.monitoring import page_times
from portal.readings import readings, values_of

KIND = "text/plain; version=0.0.4; charset=utf-8"


class _Figures(Collector):
    """All readings; those that could not be read are missing and counted."""

    def describe(self) -> list[Metric]:
        return []  # so that nothing is asked when the collector is registered

    def collect(self) -> Iterator[Metric]:
        failed = 0
        for reading in readings():
            kind = CounterMetricFamily if reading.total else GaugeMetricFamily
            if (values := values_of(reading)) is None:
                failed += 1
                continue
            family = kind(reading.name, reading.help, labels=reading.labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family
        yield GaugeMetricFamily("offshelf_readings_failed", "Readings that could not be read this time.", value=failed)


def exposition() -> bytes:
    """Everything there is, read now."""
    registry = CollectorRegistry()
    registry.register(_Figures())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        for metric in (page_times.SECONDS, page_times.ANSWERS):
            registry.register(metric)
    return generate_latest(registry)
