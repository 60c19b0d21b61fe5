"""What imports of recalls store in English, for pages in other languages (portal/http/stored_texts.py)."""

from django.utils.translation import gettext_noop

ROWS = (
    gettext_noop("imported, but %(our_problem)s"),
    gettext_noop("not published: %(our_problem)s"),
    gettext_noop("someone who did not write it must approve it"),
    gettext_noop("barcode left out: %(code)s has a wrong check digit: compare it with the label"),
    gettext_noop("barcode left out: %(code)s is several numbers run together, not all barcodes: separate them"),
    gettext_noop("barcode left out: %(code)s"),
    gettext_noop("the record cannot be read: %(problem)s"),
    gettext_noop("%(field)s is missing or empty: give the publisher's number"),
    gettext_noop("%(field)s is longer than %(number)s characters: give only the number"),
    gettext_noop("%(field)s is missing or empty: give the recall's title"),
    gettext_noop("%(field)s %(given)s is not a date: write it like 2025-06-26"),
    gettext_noop("%(field)s %(given)s is too early for a recall: check the year"),
    gettext_noop("%(field)s %(given)s could be two different days: write it like 2025-06-26"),
    gettext_noop("the file does not say which UPC belongs to which product: all are kept with the last product"),
    gettext_noop("descriptions and product_types are empty: name the product in one of them"),
    gettext_noop("make and model are empty: name the product"),
    gettext_noop("product_description is empty: name the product"),
    gettext_noop("libelle and modeles_ou_references are empty: name the product in one of them"),
    gettext_noop("the alert names no product: add a name, brand, model or barcode"),
    gettext_noop("%(number)s of %(number_all)s products were left out: the maximum is %(number_most)s"),
    gettext_noop("%(number)s of %(number_all)s lots were kept; the source record has all of them"),
    gettext_noop("%(number)s of %(number_all)s pictures were kept; the source record has all of them"),
    gettext_noop("%(number)s more notes were left out"),
    gettext_noop("the recall names %(number)s products, more than %(number_most)s: split it into several"),
    gettext_noop("the day of the recall, %(day)s, is more than a year ahead: check the year"),
    gettext_noop(
        "the number %(key)s belongs to another product here (%(title)s): check the number. If it is right, edit that"
        " recall by hand"
    ),
    gettext_noop("line %(number)s: %(our_problem)s"),
    gettext_noop("record %(number)s: %(our_problem)s"),
    gettext_noop("%(field)s is missing or empty: give the recall's title or its product"),
    gettext_noop("line %(number)s repeats the number %(key)s with a different %(field)s: keep one per recall"),
    gettext_noop(
        "line %(number)s has %(number_here)s cells but the header has %(number_wanted)s: check its quotes and"
        " separators"
    ),
    gettext_noop("a quote is not closed: put quotes around the whole cell and double those inside"),
    gettext_noop("the number %(key)s is already in this file, with different content: keep one of them"),
    gettext_noop("it is not an object: write the record as {…}"),
    gettext_noop("it is nested too deeply to be a recall"),
    gettext_noop("it is not JSON: %(problem)s at line %(number)s, column %(number_column)s"),
    gettext_noop("recall %(key)s has no version: open and complete it first"),
    gettext_noop("the number %(key)s already belongs to a recall of another publisher (%(ours)s): check the number"),
    gettext_noop(
        "version %(number)s of recall %(key)s is being edited by %(person)s: publish it first, then import again"
    ),
    gettext_noop("the publisher withdrew this notice. If the recall is published here, withdraw it on its page"),
    gettext_noop(
        "the publisher removed this notice from its site. If the recall is published here, withdraw it on its page"
    ),
    gettext_noop("%(name)s is not JSON: leave the value out, or write null"),
    gettext_noop("a number has %(number)s digits: write it as text, in quotes"),
    gettext_noop("the number %(number)s is too large: write it as text, in quotes"),
    gettext_noop("%(name)s is twice in one object, with different values: keep one of them"),
    gettext_noop(
        "line %(number)s has %(number_here)s fields, NHTSA's layout has %(number_wanted)s: the layout changed"
        " or the row is cut off; download the file again"
    ),
    gettext_noop("numero_fiche is longer than %(number)s characters: give the notice's number"),
    gettext_noop("numero_fiche is missing or empty: give the notice's number"),
    gettext_noop("Recall Number and Product Safety Warning Number are empty: give one of them"),
    gettext_noop("%(field)s %(given)s is not a date: write it like June 26, 2025"),
    gettext_noop(
        "the publisher withdrew this notice%(details)s. If the recall is published here, withdraw it on its page"
    ),
    gettext_noop("%(place)s: %(given)s is not known: write one of %(words)s"),
    gettext_noop("measure %(number)s: %(given)s is not a date: write it like 2025-06-26"),
    gettext_noop("there are %(number)s lines, and %(number_most)s is the maximum: keep the most important"),
    gettext_noop("line %(number)s: %(given)s… has more than %(number_most)s characters: shorten it"),
    gettext_noop(
        "line %(number)s has %(number_here)s values, and %(number_most)s is the maximum: write it like %(form)s"
    ),
    gettext_noop("business %(number)s has no name: write it like role | name | address | country"),
    gettext_noop("the country of business %(number)s has more than %(number_most)s characters: shorten it"),
    gettext_noop("the alert states no %(names)s"),
    gettext_noop("the notification names no product: add a name, brand, model or barcode"),
    gettext_noop("line %(number)s: %(our_problem)s: put quotes around the whole cell and double those inside"),
    gettext_noop("a quote is not closed"),
    gettext_noop("a cell is longer than %(number)s characters"),
    gettext_noop("record %(number)s: %(our_problem)s: write it as it was exported"),
    gettext_noop("it is not an object"),
    gettext_noop("%(name)s is not a text"),
    gettext_noop("line %(number)s: %(column)s: deaths are stated, so the worst severity is fatal: correct one of both"),
    gettext_noop("line %(number)s: %(column)s: fatal, but no deaths: correct one of both"),
    gettext_noop("it is nested more than %(number)s levels deep"),
    gettext_noop("recall %(key)s is %(our_state)s: publish it or return it to draft, then import again"),
)
"""Why a record of a recall file was not imported, or not whole (recalls/importers)."""

FILES = (
    gettext_noop(
        "The file is not JSON, XML or a table with columns. Its first line is %(first)s. Upload a file from "
        "CPSC, Safety Gate, OPSS, Health Canada, RappelConso, openFDA or NHTSA, or a table as CSV or XLSX."
    ),
    gettext_noop("No column was recognised as %(our_wanted)s. Found: %(columns)s. Choose the columns."),
    gettext_noop("the recall number"),
    gettext_noop("the title or the product"),
    gettext_noop("The table has a header but no rows. Export it again."),
    gettext_noop("The file contains no table. Export it again."),
    gettext_noop("The file is empty: download or export it again."),
    gettext_noop("The file is empty: export it again."),
    gettext_noop("the file is empty"),
    gettext_noop("The file is larger than %(number)s MB: split it."),
    gettext_noop("This is a PDF: import the publisher's JSON, XML or CSV, or enter the recall by hand."),
    gettext_noop("This is an old Excel workbook (.xls): save it as .xlsx or as CSV UTF-8."),
    gettext_noop("None of the %(number)s records can be used. Reason for the first one: %(our_reason)s."),
    gettext_noop("The file is incomplete: %(our_problem)s."),
    gettext_noop("the file is cut off in line %(number)s"),
    gettext_noop("the file is cut off at line %(number)s, column %(number_column)s"),
    gettext_noop("too much of the file is not JSON"),
    gettext_noop("the XML is cut off or invalid at line %(number)s, column %(number_column)s"),
    gettext_noop(
        "The file has %(number)s records; the last one had %(number_before)s. If this is correct, edit the "
        "feed and select “Accept a smaller file once”."
    ),
    gettext_noop("The file has %(number)s records, more than %(number_most)s: split it."),
    gettext_noop("Replaced by a newer file of the feed."),
    gettext_noop("The workbook cannot be read. Open it in Excel and save it again, or save it as CSV UTF-8."),
    gettext_noop("Records repeated with the same content, counted once: %(number)s."),
    gettext_noop("The file is packed several times. Unpack it and upload the file inside."),
    gettext_noop("the %(format)s file is damaged or cut off"),
    gettext_noop(
        "Read as %(encoding)s: the file is not UTF-8 and declares no encoding. Check the names below. If they"
        " are wrong, save the file as UTF-8."
    ),
    gettext_noop("%(number)s NUL characters were removed."),
    gettext_noop("The %(format)s file is damaged or cut off: download it again."),
    gettext_noop("The %(format)s file unpacks to far more than a list of recalls has. Upload a smaller file."),
    gettext_noop("Read as %(encoding)s: every other byte is zero."),
    gettext_noop("Read as UTF-8 with %(number)s bytes that are not UTF-8, read as Windows-1252."),
    gettext_noop("Unpacked %(file)s from the ZIP file."),
    gettext_noop("The ZIP file is damaged or cut off: download it again."),
    gettext_noop("The file is not XML: it names an encoding that does not exist. Download it again."),
    gettext_noop("The ZIP file is protected by a password: pack it without a password."),
    gettext_noop("The ZIP file unpacks to far more than a list of recalls has. Upload a smaller file."),
    gettext_noop("The gzip file unpacks to far more than a list of recalls has. Upload a smaller file."),
    gettext_noop("The Parquet file unpacks to far more than a list of recalls has. Upload a smaller file."),
    gettext_noop("The workbook unpacks to far more than a list of recalls has. Save it as CSV UTF-8."),
    gettext_noop("Read as %(encoding)s, declared in the XML."),
    gettext_noop("Read as %(encoding)s, declared in the first bytes of the file."),
    gettext_noop("The ZIP file contains more than %(number)s files: upload only the one with the recalls."),
    gettext_noop("The ZIP file contains %(number)s files (%(names)s): upload only the one with the recalls."),
    gettext_noop("The file is JSON, but not from a known publisher. Upload a file from %(publishers)s, or a table."),
    gettext_noop("Its fields are %(names)s."),
    gettext_noop("The file cannot be read as JSON: %(problem)s. Download it again."),
    gettext_noop("The file is incomplete JSON, with no recall before the break: %(our_problem)s. Download it again."),
    gettext_noop("The file is incomplete, with no recall before the break: %(our_problem)s. Download it again."),
    gettext_noop(
        "This is GOV.UK's finder, a list of allowed values: import the notices from https://www.gov.uk/api/content/…"
    ),
    gettext_noop("The file is an empty list: there is nothing to import."),
    gettext_noop(
        "The file is XML with the root %(name)s, but not from a known publisher. "
        "Upload XML from CPSC, Safety Gate or FDA."
    ),
    gettext_noop("This is a web page, not a file of recalls: download the publisher's data file."),
    gettext_noop("This is a web page (%(title)s), not a file of recalls: download the publisher's data file."),
    gettext_noop("This is the list of weekly reports, without alerts: download one of the reports in it."),
    gettext_noop("The newest one: %(address)s"),
    gettext_noop("The file has more than %(number)s lines: split it."),
    gettext_noop(
        "The file has %(number)s of %(number_all)s records: it is one page of the publisher's answer. Import "
        "the other pages too."
    ),
    gettext_noop("%(our_problem)s: download the file again"),
    gettext_noop("The header has more than %(number)s columns. Export fewer columns."),
    gettext_noop("The Parquet file has columns with columns inside. Export a flat table."),
    gettext_noop("More than %(number)s rows are not valid CSV. The first one, %(our_problem)s."),
    gettext_noop("The XML declares entities or external files, which are not allowed: export it without a DOCTYPE."),
    gettext_noop("The file is not XML: %(problem)s. Download it again."),
    gettext_noop("The XML is nested more than %(number)s levels deep: it is not a list of recalls."),
)
"""What an import says of its file (recalls/importers, recalls/services)."""
