"""Real attachments from the standard library alone: PDF, XLSX, DOCX, PPTX, ODS, ODT, RTF, CSV and zip.

The same input gives the same bytes (no clock, fixed timestamps), as far as zlib itself does.
Chinese PDF text uses a font that is not embedded, as many office programs write it: readers need
Adobe's CID tables (poppler-data) to get the text out."""

import io
import random
import zipfile
import zlib
from xml.sax.saxutils import escape

_LINES_PER_PAGE = 44
_PICTURE_WIDTH = 400

_FONTS = (
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
    b"/DescendantFonts[5 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 6 0 R/DW 1000/W[1 95 500]>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
)


def _stream(data, entries=b""):
    packed = zlib.compress(data, 6)
    return (b"<</Filter/FlateDecode/Length %d" % len(packed) + entries + b">>\nstream\n" + packed +
            b"\nendstream")


def _shown(line):
    """The operators that show one line: Helvetica where it can, else the Chinese font."""
    try:
        plain = line.encode("cp1252")
    except UnicodeEncodeError:
        pass
    else:
        plain = plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        return b"/F1 11 Tf (" + plain + b") Tj T*\n"
    return b"/F2 11 Tf <" + line.encode("utf-16-be").hex().encode("ascii") + b"> Tj T*\n"


def _picture(size_bytes, seed):
    """A picture object of about `size_bytes` that does not compress, as photographs do not."""
    rows = max(1, size_bytes // (_PICTURE_WIDTH * 3))
    pixels = random.Random(seed).randbytes(rows * _PICTURE_WIDTH * 3)
    entries = (b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
               b"/BitsPerComponent 8" % (_PICTURE_WIDTH, rows))
    return _stream(pixels, entries)


def pdf(lines, picture_bytes=0, seed=0):
    """A PDF with `lines` of text, Western or Chinese, and maybe a picture on the first page."""
    pages = [lines[i:i + _LINES_PER_PAGE] for i in range(0, len(lines), _LINES_PER_PAGE)] or [[]]
    first_page = 3 + len(_FONTS)
    kids = b" ".join(b"%d 0 R" % (first_page + 2 * i) for i in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>",
               b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids), *_FONTS]
    picture_number = first_page + 2 * len(pages)
    for number, page in enumerate(pages):
        with_picture = picture_bytes and number == 0
        drawn = b"q 320 0 0 200 60 40 cm /Im1 Do Q\n" if with_picture else b""
        text = b"".join(_shown(line) for line in page)
        resources = b"/Font<</F1 3 0 R/F2 4 0 R>>"
        if with_picture:
            resources += b"/XObject<</Im1 %d 0 R>>" % picture_number
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%b>>"
                       b"/Contents %d 0 R>>" % (resources, first_page + 2 * number + 1))
        objects.append(_stream(drawn + b"BT 16 TL 60 790 Td\n" + text + b"ET\n"))
    if picture_bytes:
        objects.append(_picture(picture_bytes, seed))
    return _pdf_file(objects)


def _pdf_file(objects):
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += (b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(objects) + 1, table))
    return bytes(out)


def zipped(members):
    """A zip of {name: bytes}, every member dated 2024-01-01."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            # OpenDocument wants its first member readable as it stands.
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OOXML_TYPE = "application/vnd.openxmlformats-officedocument."


def _content_types(parts):
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{_OOXML_TYPE}{kind}+xml"/>'
                        for name, kind in parts.items())
    return (f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>')


def _relationships(targets):
    entries = "".join(f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                      for i, (kind, target) in enumerate(targets.items(), 1))
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _cell(value, column, row, shared):
    reference = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, (int, float)):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'


_XLSX_FIXED = {
    "[Content_Types].xml": _content_types({
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/sharedStrings.xml": "spreadsheetml.sharedStrings"}),
    "_rels/.rels": _relationships({"officeDocument": "xl/workbook.xml"}),
    "xl/_rels/workbook.xml.rels": _relationships({"worksheet": "worksheets/sheet1.xml",
                                                  "sharedStrings": "sharedStrings.xml"}),
}


def xlsx(sheet_name, rows):
    """A workbook of one sheet; a cell is text or a number. At most 26 columns."""
    shared = {}
    data = "".join(
        f'<row r="{number}">' + "".join(_cell(v, i, number, shared) for i, v in enumerate(row)) +
        "</row>" for number, row in enumerate(rows, 1))
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    return zipped({
        **_XLSX_FIXED,
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets><sheet '
                           f'name="{escape(sheet_name)}" sheetId="1" r:id="rId1"/></sheets>'
                           '</workbook>',
        "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData>{data}'
                                    '</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_SHEET}" uniqueCount="{len(shared)}">'
                                f'{strings}</sst>'})


_DOCX_FIXED = {
    "[Content_Types].xml": _content_types({
        "word/document.xml": "wordprocessingml.document.main"}),
    "_rels/.rels": _relationships({"officeDocument": "word/document.xml"}),
}


def docx(paragraphs):
    """A document of plain paragraphs."""
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
                   for text in paragraphs)
    document = f'{_XML}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({**_DOCX_FIXED, "word/document.xml": document})


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"


def _slide(lines):
    text = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines)
    return (f'{_XML}<p:sld xmlns:p="{_PRESENTATION}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree><p:sp>'
            f"<p:txBody><a:bodyPr/>{text}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>")


def pptx(slides):
    """A presentation; a slide is a list of lines."""
    names = [f"slides/slide{number}.xml" for number in range(1, len(slides) + 1)]
    parts = {"ppt/presentation.xml": "presentationml.presentation.main",
             **{f"ppt/{name}": "presentationml.slide" for name in names}}
    links = "".join(f'<Relationship Id="rId{i}" Type="{_OFFICE}/slide" Target="{name}"/>'
                    for i, name in enumerate(names, 1))
    numbers = "".join(f'<p:sldId id="{255 + i}" r:id="rId{i}"/>' for i in range(1, len(slides) + 1))
    return zipped({
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relationships({"officeDocument": "ppt/presentation.xml"}),
        "ppt/_rels/presentation.xml.rels":
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        "ppt/presentation.xml":
            f'{_XML}<p:presentation xmlns:p="{_PRESENTATION}" xmlns:r="{_OFFICE}"><p:sldIdLst>'
            f"{numbers}</p:sldIdLst></p:presentation>",
        **{f"ppt/{name}": _slide(lines) for name, lines in zip(names, slides)}})


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_TYPE = "application/vnd.oasis.opendocument."


def _open_document(kind, body):
    spaces = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table"))
    return zipped({
        "mimetype": _ODF_TYPE + kind,
        "content.xml": f'{_XML}<office:document-content {spaces} office:version="1.2"><office:body>'
                       f"<office:{kind}>{body}</office:{kind}></office:body>"
                       "</office:document-content>",
        "META-INF/manifest.xml":
            f'{_XML}<manifest:manifest xmlns:manifest="{_ODF}manifest:1.0"><manifest:file-entry '
            f'manifest:full-path="/" manifest:media-type="{_ODF_TYPE}{kind}"/><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'})


def _open_cell(value):
    kind = "string"
    if isinstance(value, (int, float)):
        kind = f'float" office:value="{value}'
    return (f'<table:table-cell office:value-type="{kind}"><text:p>{escape(str(value))}</text:p>'
            "</table:table-cell>")


def ods(sheet_name, rows):
    """An OpenDocument table of one sheet; a cell is text or a number."""
    body = "".join(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>"
                   for row in rows)
    return _open_document("spreadsheet", f'<table:table table:name="{escape(sheet_name)}">{body}'
                                         "</table:table>")


def odt(paragraphs):
    """An OpenDocument text of plain paragraphs."""
    return _open_document("text", "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs))


def _rtf_character(character, charset):
    if character in "\\{}":
        return "\\" + character
    if ord(character) < 128:
        return character
    if charset:
        return "".join(f"\\'{byte:02x}" for byte in character.encode(charset))
    units = character.encode("utf-16-le")
    return "".join(f"\\u{int.from_bytes(units[i:i + 2], 'little', signed=True)}?"
                   for i in range(0, len(units), 2))


def rtf(paragraphs, charset=None):
    """Rich text: other than ASCII as Unicode, or as bytes of a Chinese font ("gbk")."""
    text = "\\par\n".join("".join(_rtf_character(c, charset) for c in line) for line in paragraphs)
    return ("{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0\\fcharset134 SimSun;}}\\f0 " +
            text + "\\par}").encode("ascii")


def csv(rows, charset="utf-8-sig"):
    """Comma-separated text with CRLF, quoted where needed, as a spreadsheet program saves it."""
    def field(value):
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text

    return "".join(",".join(map(field, row)) + "\r\n" for row in rows).encode(charset)
