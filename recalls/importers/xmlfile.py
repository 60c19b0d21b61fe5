"""XML from untrusted sources as plain objects: no entities, no external files, limited depth; a file that is cut off
gives what came before."""

import io
import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from recalls.importers.records import UnreadableFile

MAX_DEPTH = 60
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def records_of(text: str, is_record: Callable[[str], bool]) -> tuple[str, list[dict[str, Any]], str]:
    """The root's name, the elements whose name is that of a record as objects, and where the file is cut off.

    Raises UnreadableFile if the file declares entities, is nested too deeply, or is not XML from its beginning.
    """
    # The declaration is removed: it names the encoding of the bytes, and this is already text.
    source = io.BytesIO(_ILLEGAL.sub("", _DECLARATION.sub("", text)).encode())
    root, depth, inside, found, broke_off = "", 0, 0, [], ""
    try:
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=False):
            name = _local(element)
            if event == "start":
                root, depth = root or name, depth + 1
                inside += is_record(name)
                if depth > MAX_DEPTH:
                    raise UnreadableFile(
                        f"The XML is nested more than {MAX_DEPTH} levels deep: it is not a list of recalls."
                    )
                continue
            depth -= 1
            if is_record(name):
                inside -= 1
                if len(element) and not inside:
                    found.append(_plain(element))
            if not inside:
                element.clear()
    except DefusedXmlException:
        raise UnreadableFile(
            "The XML declares entities or external files, which are not allowed: export it without a DOCTYPE."
        ) from None
    except LookupError:  # a second declaration, behind characters that XML does not allow
        raise UnreadableFile(
            "The file is not XML: it names an encoding that does not exist. Download it again."
        ) from None
    except ParseError as error:
        if not root:
            raise UnreadableFile(f"The file is not XML: {error}. Download it again.") from None
        broke_off = f"the XML is cut off or invalid at line {error.position[0]:,}, column {error.position[1]:,}"
    return root, found, broke_off


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _plain(element: Element) -> dict[str, Any]:
    """Child elements by name: text, objects, and lists for names that occur more than once; attributes by their names."""
    found: dict[str, Any] = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    for child in element:
        value: Any = _plain(child) if len(child) else (child.text or "")
        name = _local(child)
        if name in found:
            found[name] = [*found[name], value] if isinstance(found[name], list) else [found[name], value]
        else:
            found[name] = value
    return found
