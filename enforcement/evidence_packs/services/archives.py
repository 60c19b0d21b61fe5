"""Write the web archive of a pack while it is sent, one check after the other."""

from collections.abc import Iterator
from io import BytesIO

from enforcement.checks.captures import canonical_capture, page_of
from enforcement.checks.warc import records_of, write_record
from enforcement.evidence_packs import web_archive
from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.case import CaseEvents, checks_of
from enforcement.evidence_packs.services.packs import Pack


def write_archive(pack: Pack, events: CaseEvents) -> Iterator[bytes]:
    """The archive's bytes: the records of every check of the case whose page is still there, with an index and a list of pages."""
    writer, lines, pages = Writer(pack.made_at), list[str](), list[str]()
    for seen in checks_of(events):
        if seen.page_is_deleted:
            continue
        records, places, out = list(records_of(canonical_capture(seen), page_of(seen))), [], BytesIO()
        for record in records:
            place = out.tell()
            write_record(record, out, packed=True)
            places.append((place, out.tell() - place))
        yield from writer.add(web_archive.warc_name(seen.pk), [out.getvalue()], packed=False)
        entries = list(web_archive.entries_of(seen.pk, records, places))
        lines += [entry.line for entry in entries]
        pages += [entry.page for entry in entries[:1]]
    blocks = web_archive.index_blocks(lines)
    yield from writer.add(web_archive.INDEX, blocks, packed=False)
    yield from writer.add(web_archive.INDEX_OF_INDEX, [web_archive.index_of_index(lines, blocks)], packed=False)
    yield from writer.add(web_archive.PAGES, [web_archive.pages_text(pages)], packed=False)
    package = web_archive.package_text(writer.files, title=pack.title, at=pack.made_at)
    yield from writer.add(web_archive.PACKAGE, [package], packed=False)
    yield from writer.add(web_archive.PACKAGE_DIGEST, [web_archive.package_digest_text(package)], packed=False)
    yield writer.finish()
