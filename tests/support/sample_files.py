"""The files that go with the letters of a deal: quotations, orders, packing lists, inspections."""

import functools

import sample_documents as documents
from sample_mime import Attachment
from sample_world import LANGUAGES, list_products

_PDF = "application/pdf"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PDF_LANGUAGES = ("en", "zh", "de", "es")  # the fonts of our PDFs lack the others

# title, and the words on the head of a table: goods, standard, HS code, quantity, price
_TITLES = {
    "quote": {"en": "Quotation", "zh": "报价单", "tw": "報價單"},
    "order": {"en": "Purchase Order", "zh": "采购订单", "tw": "訂購單", "ja": "注文書", "de": "Bestellung",
              "es": "Pedido"},
    "proforma": {"en": "Proforma Invoice", "zh": "形式发票", "tw": "預估發票"},
    "lc": {"en": "Letter of Credit", "zh": "信用证", "tw": "信用狀"},
    "shipping": {"en": "Packing List", "zh": "装箱单", "tw": "裝箱單"},
    "complaint": {"en": "Inspection Record", "zh": "检验记录", "tw": "檢驗紀錄", "ja": "検査記録",
                  "de": "Prüfprotokoll", "es": "Informe de inspección"},
    "inquiry": {"en": "Requirements", "zh": "需求清单", "tw": "需求清單", "ja": "要求仕様",
                "de": "Bedarfsliste", "es": "Lista de materiales"},
}
_HEADS = {"en": ("Description", "Standard", "HS code", "Quantity", "Unit price"),
          "zh": ("品名", "标准", "海关编码", "数量", "单价"),
          "tw": ("品名", "標準", "稅則號列", "數量", "單價"),
          "ja": ("品名", "規格", "HSコード", "数量", "単価"),
          "de": ("Bezeichnung", "Norm", "Zolltarifnummer", "Menge", "Stückpreis"),
          "es": ("Descripción", "Norma", "Código SA", "Cantidad", "Precio")}
_NUMBER_OF = {"quote": "quote", "order": "po", "proforma": "pi", "lc": "lc", "shipping": "bl",
              "complaint": "po", "inquiry": "hs"}
_MORE = {"lc": ("bank", "amount", "port"), "shipping": ("container", "vessel", "weight", "port"),
         "complaint": ("container",), "inquiry": ()}


def _rows(deal, language):
    return [(line.names[language], line.standard, line.hs_code, line.quantity, line.price)
            for line in deal.lines]


def _lines(deal, stage, language, title):
    """The text of a document, line by line, and the strings that it surely holds."""
    facts = deal.facts
    more = [facts[name] for name in _MORE.get(stage, ("amount", "valid"))]
    goods = [line.names[language] for line in deal.lines]
    number = facts[_NUMBER_OF[stage]]
    lines = [f"{title} {number}", deal.customer.company, *more, " / ".join(_HEADS[language])]
    for name, standard, hs_code, quantity, price in _rows(deal, language):
        lines += [name, f"{standard}   {hs_code}   {quantity:,} x USD {price:.3f}"]
    return lines, (number, deal.customer.company, *more, *goods)


def _workbook(deal, stage, language, title, name):
    number = deal.facts[_NUMBER_OF[stage]]
    rows = [(title, number), (deal.customer.company,), _HEADS[language], *_rows(deal, language)]
    words = (number, deal.customer.company, *(line.names[language] for line in deal.lines))
    return Attachment(name + ".xlsx", _XLSX, documents.xlsx(title, rows), words)


def _document(deal, stage, language, title, name, as_pdf):
    lines, words = _lines(deal, stage, language, title)
    if as_pdf:
        return Attachment(name + ".pdf", _PDF, documents.pdf(lines), words)
    return Attachment(name + ".docx", _DOCX, documents.docx(lines), words)


def _inspection(rng, deal, language, title, name):
    """Measured values as CSV, bare or in a zip."""
    rows = [_HEADS[language][:1] + ("mm",)]
    goods = [line.names[language] for line in deal.lines]
    rows += [(rng.choice(goods), round(rng.uniform(4, 20), 2)) for _ in range(12)]
    words = tuple(dict.fromkeys(row[0] for row in rows[1:]))
    table = documents.csv(rows)
    if rng.random() < 0.5:
        return Attachment(name + ".csv", "text/csv", table, words)
    members = {"measurements.csv": table,
               "README.txt": f"{title} {deal.facts['po']}\r\n".encode("utf-8")}
    return Attachment(name + ".zip", "application/zip", documents.zipped(members),
                      (*words, deal.facts["po"]))


def for_stage(rng, deal, stage, language):
    """The attachments of a letter of `stage` in `language`, maybe none."""
    titles = _TITLES.get(stage)
    if titles is None or (stage == "inquiry" and rng.random() > 0.15):
        return ()
    title = titles[language]
    name = f"{title}_{deal.facts[_NUMBER_OF[stage]]}"
    as_pdf = language in _PDF_LANGUAGES and rng.random() < 0.8
    if stage == "complaint":
        return (_inspection(rng, deal, language, title, name),)
    if stage == "inquiry":
        return (_workbook(deal, stage, language, title, name),)
    files = [_document(deal, stage, language, title, name, as_pdf)]
    if stage in ("quote", "shipping") and rng.random() < 0.6:
        files.append(_workbook(deal, stage, language, title, name))
    return tuple(files)


@functools.lru_cache(maxsize=None)
def catalogue(size_bytes, seed):
    """The one catalogue that goes to everybody: all products in English and Chinese, a picture."""
    english, chinese = LANGUAGES.index("en"), LANGUAGES.index("zh")
    lines = ["Haiheng Hardware product catalogue", "宁波海恒五金有限公司 产品目录"]
    for names, standard, hs_code, sizes in list_products():
        lines += [f"{names[english]} {standard} HS {hs_code}", names[chinese],
                  "Sizes: " + ", ".join(sizes)]
    data = documents.pdf(lines, max(0, size_bytes - 4000), seed)
    return Attachment("Haiheng-Catalogue 海恒产品目录.pdf", _PDF, data, tuple(lines))
