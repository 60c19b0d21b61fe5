"""Packs that are made while others write and seal still verify."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from enforcement import services
from enforcement.evidence_packs.verification import check_pack
from enforcement.models import Takedown
from portal import audit
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory


@pytest.mark.django_db(transaction=True)
def test_packs_made_while_others_write_verify(
    platform_a: Organisation, regulator: Organisation, officer: User, tmp_path: Path
) -> None:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=notice.sent_at)
    takedown = services.start_clock(flag=flag)

    def write(number: int) -> None:
        try:
            for _ in range(6):
                row = Takedown.objects.get(pk=takedown.pk)
                services.record_person_check(
                    takedown=row, verdict="unknown", note=f"check of {number}", actor=Actor.person(officer)
                )
                audit.seal_events()
        finally:
            connection.close()

    def pack(number: int) -> Path:
        try:
            path = tmp_path / f"{number}.zip"
            started = services.start_takedown_pack(takedown=takedown, actor=Actor.person(officer))
            path.write_bytes(b"".join(services.stream_pack(started)))
            return path
        finally:
            connection.close()

    with ThreadPoolExecutor(8, initializer=begin, initargs=(SYSTEM,)) as pool:
        writers = [pool.submit(write, number) for number in range(4)]
        packs = [pool.submit(pack, number) for number in range(8)]
        for writer in writers:
            writer.result()
        for made in packs:
            assert check_pack(made.result()).problems == []
    report = check_pack(pack(8))
    assert (report.problems, report.captures) == ([], 24)
