"""What imports of catalogues store in English, for pages in other languages (portal/http/stored_texts.py)."""

from django.utils.translation import gettext_noop

ROWS = (
    gettext_noop("only the first %(number)s of its GTINs were read: give those of this listing alone"),
    gettext_noop(
        "imported without its GTIN: %(given)s is in scientific notation, so digits are lost; format the "
        "column as text and export again"
    ),
    gettext_noop("imported without its GTIN: %(given)s is not a GTIN; a GTIN has 8, 12, 13 or 14 digits"),
    gettext_noop("GTIN %(given)s has a wrong check digit: imported as given; compare it with the label"),
    gettext_noop("GTIN %(given)s has %(number)s digits: imported as given; compare it with the label"),
    gettext_noop("imported with a shortened %(field)s: it has %(number)s characters; the maximum is %(number_most)s"),
    gettext_noop("imported without its %(field)s: it has %(number)s characters; the maximum is %(number_most)s"),
    gettext_noop(
        "imported without its %(field)s: %(given)s is not a web address; write it like https://shop.example/1"
    ),
    gettext_noop("imported without its price: %(our_problem)s"),
    gettext_noop("imported without its price ladder: %(our_problem)s"),
    gettext_noop("%(given)s is not a price; write it like 12.50 USD"),
    gettext_noop("%(given)s is not between 0 and %(number_most)s; correct it"),
    gettext_noop("%(given)s could be %(number)s or %(number_other)s: write it like %(number_plain)s"),
    gettext_noop("imported without the destinations %(places)s: write countries as codes, like US, DE"),
    gettext_noop("the id is missing: give every listing the platform's own id in a column named id"),
    gettext_noop("the id has %(number)s characters; the maximum is 200: shorten it"),
    gettext_noop("the id has unreadable characters, shown as �: save the file as UTF-8 and import it again"),
    gettext_noop("the title is missing: give every listing a title in a column named title"),
    gettext_noop("unreadable characters are shown as �: save the file as UTF-8 and import it again"),
    gettext_noop("the same id is earlier in the file: the later row was used; keep one row per id"),
    gettext_noop("the same id is again in line %(number)s: the later row was used; keep one row per id"),
    gettext_noop("the quote opened in line %(number)s is not closed: close it, and double every quote inside a text"),
    gettext_noop(
        "the row has %(number)s cells but the header has %(number_wanted)s: put quotes around every cell that"
        " contains the separator"
    ),
    gettext_noop("the object that begins in line %(number)s is longer than %(number_most)s characters: shorten it"),
    gettext_noop("%(name)s is not a JSON value: write null"),
    gettext_noop("not JSON: %(problem)s at column %(number)s; write one object per line"),
    gettext_noop("nested too deeply: write each listing as one flat object"),
    gettext_noop('not an object: write each listing as {"id": …, "title": …}'),
    gettext_noop("the object has %(number)s keys; the maximum is %(number_most)s: remove unused keys"),
    gettext_noop("line %(number)s is longer than %(number_most)s characters: split or shorten it"),
    gettext_noop("row %(number)s is longer than %(number_most)s characters: shorten it"),
    gettext_noop(
        "row %(number)s has cells beyond the header's %(number_wanted)s columns: name these columns or clear the cells"
    ),
    gettext_noop(
        "the item that begins in line %(number)s is longer than %(number_most)s characters or not closed: "
        "shorten or close it"
    ),
    gettext_noop("the item is not well-formed XML (%(problem)s): escape & and < in texts"),
    gettext_noop("the listing is off sale, so its other fields were not stored"),
    gettext_noop("there is no listing with this id, so nothing was taken off sale: check the id"),
    gettext_noop("the database rejected the row (%(problem)s): shorten its texts"),
    gettext_noop("the database rejected the change: send it again later"),
    gettext_noop("a sandbox holds at most %(number)s listings: reset it, or send fewer"),
    gettext_noop("the listings of a sandbox change at most %(number)s times a day: try again tomorrow"),
    gettext_noop("%(given)s is not a quantity with its price; write it like 1-99: 12.50 USD; 100: 11.00 USD"),
    gettext_noop("there are more than %(number)s steps; send the first ones"),
    gettext_noop("from %(number)s there are two prices; correct it"),
    gettext_noop("the JSON of the price ladder is not complete"),
    gettext_noop("item %(number)s is not an object: send each listing as an object"),
    gettext_noop("present must be true or false"),
    gettext_noop("there is no field %(field)s: did you mean %(near)s?"),
    gettext_noop("there is no field %(field)s: known are %(fields)s and present"),
    gettext_noop("%(field)s must be text in quotes"),
    gettext_noop("%(field)s must be text in quotes or a number"),
)
"""Why a row of a catalogue was not imported, or not whole (listings/ingest)."""

CAUSES = (
    gettext_noop("unclosed quote"),
    gettext_noop("wrong number of cells"),
    gettext_noop("GTIN in scientific notation"),
    gettext_noop("too many GTINs"),
    gettext_noop("not a GTIN"),
    gettext_noop("GTIN with a wrong check digit or length"),
    gettext_noop("not JSON"),
    gettext_noop("not an object"),
    gettext_noop("too many keys"),
    gettext_noop("too long"),
    gettext_noop("unreadable row"),
    gettext_noop("unreadable value"),
    gettext_noop("%(field)s too long"),
    gettext_noop("%(field)s is not a web address"),
    gettext_noop("unreadable price"),
    gettext_noop("unreadable price ladder"),
    gettext_noop("unknown destination"),
    gettext_noop("missing id"),
    gettext_noop("id too long"),
    gettext_noop("unreadable id"),
    gettext_noop("missing title"),
    gettext_noop("unreadable characters"),
    gettext_noop("duplicate id"),
    gettext_noop("not well-formed XML"),
    gettext_noop("rejected by the database"),
    gettext_noop("off sale"),
    gettext_noop("too much for a sandbox"),
)
"""Under which causes rejected rows are counted."""

FILES = (
    gettext_noop("The header cannot be read: %(our_problem)s."),
    gettext_noop("The header has %(number)s columns; the maximum is %(number_most)s. Remove unused columns."),
    gettext_noop("The file has %(number)s columns; the maximum is %(number_most)s. Remove unused columns."),
    gettext_noop("%(number)s quoted texts contain lines that look like rows. They were read as text."),
    gettext_noop("The file is cut off in line %(number)s, inside a quoted text."),
    gettext_noop("The file is cut off in line %(number)s: it has %(number_here)s of %(number_wanted)s cells."),
    gettext_noop("The file is cut off in line %(number)s, inside an object."),
    gettext_noop("The header is repeated in line %(number)s. This line was skipped."),
    gettext_noop("The header is repeated in row %(number)s. This row was skipped."),
    gettext_noop("The header is in line %(number)s, under another one in line %(number_other)s."),
    gettext_noop("The file has a header but no rows. Export the catalogue again."),
    gettext_noop("The file has columns but no rows. Export the catalogue again."),
    gettext_noop("The workbook has a header but no rows. Export the catalogue again."),
    gettext_noop("The file has no rows. Export the catalogue again."),
    gettext_noop("The file is empty. Export the catalogue again."),
    gettext_noop("The file is empty."),
    gettext_noop("The file is not text: upload CSV, JSONL, JSON, XML, XLSX or Parquet."),
    gettext_noop(
        "The file is not JSON, XML, XLSX, Parquet or CSV. The first line of a CSV file must be a header with "
        "the column names."
    ),
    gettext_noop("Every line is one quoted text. The text was read as the row."),
    gettext_noop("%(number)s lines above the header were skipped."),
    gettext_noop("%(number)s rows above the header were skipped."),
    gettext_noop("%(number)s objects are not products (such as a web page or a list of links). They were skipped."),
    gettext_noop("%(number)s variants were added to the listings they belong to."),
    gettext_noop("%(number)s variants do not belong to a listing in this file. They became listings of their own."),
    gettext_noop("%(number)s rows continue the listing above them (variants and pictures)."),
    gettext_noop("The JSON document is cut off: its last bracket is missing."),
    gettext_noop("The JSON document has no list of objects. Write a list of listings, or one object per line."),
    gettext_noop(
        "The file is one JSON object of more than %(number)s characters, without a list of listings under a "
        "name like products or items. Write one object per line."
    ),
    gettext_noop("The file cannot be read: %(our_problem)s."),
    gettext_noop(
        "This is a web page, not a catalogue. If it is a table, open it in a spreadsheet and save it as XLSX or CSV."
    ),
    gettext_noop("This is a workbook in Excel's old XML: save it as XLSX or CSV."),
    gettext_noop(
        "The XML has no <item>, <entry>, <product> or <offer>: export a Google Merchant feed (RSS or Atom), "
        "CSV or JSONL."
    ),
    gettext_noop("The XML is cut off: %(name)s is missing at its end."),
    gettext_noop("The XML declares entities, which are not allowed: export it without a DOCTYPE."),
    gettext_noop("The Excel workbook is damaged, or protected by a password: save it again as .xlsx or as CSV UTF-8."),
    gettext_noop("The Excel workbook unpacks to far more than a catalogue has. Save it as CSV UTF-8."),
    gettext_noop("The Excel workbook has no header row: add one with the column names."),
    gettext_noop("The workbook has %(number)s sheets. Only %(name)s was read."),
    gettext_noop("The Parquet file unpacks to far more than a catalogue has. Upload a smaller file."),
    gettext_noop("The %(format)s file needs too much memory to be unpacked: pack it with gzip."),
    gettext_noop("The %(format)s file is damaged or cut off: pack and upload it again."),
    gettext_noop("The %(format)s file unpacks to far more than a catalogue has. Upload a smaller file."),
    gettext_noop("The ZIP file contains no file: add the catalogue and upload it again."),
    gettext_noop("The ZIP file contains %(number)s files (%(names)s): upload each one separately."),
    gettext_noop("The file in the ZIP is encrypted: pack it without a password."),
    gettext_noop("The ZIP file is damaged or uses an unsupported compression method: pack it again."),
    gettext_noop("This is %(our_file)s."),
    gettext_noop("an image: export the catalogue as CSV, JSONL or XLSX"),
    gettext_noop("a PDF: export the catalogue as CSV, JSONL or XLSX"),
    gettext_noop("an old Excel workbook (.xls): save it as .xlsx or as CSV UTF-8"),
    gettext_noop("a packed Parquet file: upload the file inside"),
    gettext_noop("an encrypted Parquet file: export it without encryption"),
    gettext_noop("a database: export the catalogue as CSV or JSONL"),
    gettext_noop("The file was deleted after its time. Upload it again."),
    gettext_noop("A part of the uploaded file is missing. Upload the file again."),
    gettext_noop(
        "The uploaded file is not the one that was sent: its SHA-256 is %(here)s, not %(wanted)s. Upload it again."
    ),
    gettext_noop("None of the %(number)s rows could be used."),
    gettext_noop("Most common reason, in %(number)s rows: %(our_reason)s."),
    gettext_noop("No listing has a GTIN, so matching uses the texts only."),
    gettext_noop("Replaced by a newer file of the scheduled feed."),
    gettext_noop("The credential can no longer be read. Edit the scheduled feed and enter it again."),
    gettext_noop(
        "The feed has %(number)s listings, %(share)s of the %(number_usual)s in the last full feeds. At least"
        " %(least)s is expected."
    ),
    gettext_noop(
        "The feed has %(number)s of the %(number_usual)s listings that were on sale, %(share)s. At least "
        "%(least)s is expected."
    ),
    gettext_noop("%(number)s of %(number_rows)s rows were rejected, %(share)s. At most %(most)s is expected."),
    gettext_noop(
        "No column was recognised as %(our_wanted)s. Found: %(columns)s. Rename a column, or choose the "
        "columns on the page of the import."
    ),
    gettext_noop("the listing's id (such as id, sku or Artikelnummer)"),
    gettext_noop("its title (such as title, name or Bezeichnung)"),
    gettext_noop("The file is packed twice. Upload only the workbook."),
    gettext_noop("The file is packed twice. Upload only the file inside."),
    gettext_noop("This is %(format)s: upload the file inside, or pack that one file as ZIP or gzip."),
    gettext_noop("The ZIP file is damaged or cut off: pack and upload it again."),
)
"""What an import says of its file (listings/ingest, listings/services)."""

READING = (
    gettext_noop("ASCII characters only"),
    gettext_noop("every byte is valid"),
    gettext_noop("from its byte order mark"),
    gettext_noop("declared in the XML"),
    gettext_noop("every zero byte is in an odd place"),
    gettext_noop("every zero byte is in an even place"),
    gettext_noop("%(number)s of %(number_all)s lines with non-ASCII letters are valid"),
    gettext_noop(
        "%(number)s of %(number_all)s lines with non-ASCII letters are valid UTF-8; the others are %(encoding)s"
    ),
    gettext_noop("no encoding fits: unreadable characters are shown as �"),
    gettext_noop("recognised by its letters; check the titles, and save the file as UTF-8 if they are wrong"),
    gettext_noop("recognised by its letters, but it could be %(others)s; save the file as UTF-8 to be sure"),
    gettext_noop("%(encoding)s (%(our_reason)s)"),
    gettext_noop("JSON object with the listings by their id"),
    gettext_noop("JSON object"),
    gettext_noop("JSON list"),
    gettext_noop("Google Merchant table"),
    gettext_noop("Excel workbook, sheet %(name)s"),
    gettext_noop("CSV, separated by %(separator)s"),
)
"""How the file of an import was read (listings/ingest)."""
