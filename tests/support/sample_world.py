"""Who and what the sample mail is about: customers, products, ships and the numbers on documents.

All companies and addresses are invented; domains end in .example. Everything is drawn from the
random generator that is passed in, so one seed always makes the same world."""

import dataclasses
import datetime

# The last day of the sample's three years; fixed, so that the mail does not depend on today.
LAST_DAY = datetime.datetime(2025, 10, 31, 18, 0, tzinfo=datetime.timezone.utc)
SPAN_DAYS = 3 * 365


@dataclasses.dataclass(frozen=True)
class Person:
    """A correspondent. `language` is one of LANGUAGES; `folder` is where their mail is filed."""

    name: str
    address: str
    company: str
    city: str
    language: str
    zone: str
    folder: str = ""


FLAGSHIP = Person("林薇 Vivian Lin", "vivian.lin@haiheng-hardware.example",
                  "宁波海恒五金有限公司", "Ningbo", "zh", "+0800")
TACTICAL = Person("Haiheng Hardware Sales USA", "sales-usa@haiheng-hardware.example",
                  "Ningbo Haiheng Hardware Co., Ltd.", "Ningbo", "en", "+0800")
VANGUARD = Person("Helen Xu", "haiheng.fasteners@freemail.example",
                  "Ningbo Haiheng Hardware Co., Ltd.", "Ningbo", "en", "+0800")

_KEY_CUSTOMERS = (
    Person("Martin Kessler", "m.kessler@acme-fastening.example", "ACME Fastening Supply Inc.",
           "Chicago", "en", "-0600", "Customers/ACME"),
    Person("Dolores Whitfield", "dolores@harborpine.example", "Harbor & Pine Supply LLC",
           "Portland", "en", "-0800", "Customers/Harbor & Pine"),
    Person("Jürgen Brandt", "j.brandt@nordlicht-befestigung.example",
           "Nordlicht Befestigungstechnik GmbH", "Hamburg", "de", "+0100", "Customers/Nordlicht"),
    Person("陈志强", "chenzq@huamei-wujin.example", "广州华美五金工具有限公司", "广州", "zh", "+0800",
           "客户/华美"),
    Person("林淑芬", "sophia.lin@taichung-huamei.example", "華美五金貿易股份有限公司", "台中", "tw",
           "+0800", "客户/華美台中"),
    Person("山本 健一", "k.yamamoto@yamamoto-kanamono.example", "山本金物株式会社", "大阪", "ja",
           "+0900", "客户/山本金物"),
    Person("Íñigo Peñalver", "compras@tornillosdelnorte.example", "Tornillos del Norte, S.A.",
           "Bilbao", "es", "+0100", "Customers/Tornillos del Norte"),
)

_EN_PLACES = (("Chicago", "-0600"), ("Houston", "-0600"), ("Toronto", "-0500"), ("Leeds", "+0000"),
              ("Melbourne", "+1000"), ("Durban", "+0200"), ("Auckland", "+1200"),
              ("Savannah", "-0500"), ("Tacoma", "-0800"), ("Mumbai", "+0530"), ("Cork", "+0000"))
_EN_NAMES = ("Blue Anchor", "Granite Ridge", "Cedar Creek", "Ironwood", "Summit Lake", "Old Mill",
             "Redstone", "Copper Hill", "Lighthouse", "Prairie", "Kingfisher", "Oakdale",
             "Three Rivers", "Maple Leaf", "Southern Cross", "Silver Birch", "Eagle Point")
_EN_TRADES = ("Fasteners", "Building Products", "Hardware", "Industrial Supply", "Tooling",
              "Marine Fittings", "Fixings")
_EN_LEGAL = ("Inc.", "LLC", "Ltd.", "Pty Ltd", "& Sons")
_EN_FIRST = ("Karen", "Tom", "Priya", "Alistair", "Megan", "Devon", "Ruth", "Hassan", "Olivia",
             "Graham", "Nadia", "Curtis", "Siobhan", "Wesley", "Imogen", "Rafael")
_EN_LAST = ("Hollister", "O'Brien", "Mbeki", "Patel", "Thornton", "Vance", "Lindqvist", "Okafor",
            "Fairbanks", "Carmody", "Ashworth", "Delgado", "Novak", "Pemberton")
_ZH_PLACES = ("深圳", "佛山", "温州", "青岛", "苏州", "东莞", "义乌", "天津")
_ZH_NAMES = (("永兴", "yongxing"), ("金鼎", "jinding"), ("瑞丰", "ruifeng"), ("宏达", "hongda"),
             ("鑫源", "xinyuan"), ("恒通", "hengtong"), ("嘉诚", "jiacheng"), ("万利", "wanli"))
_ZH_TRADES = (("五金制品", "wujin"), ("紧固件", "jingujian"), ("不锈钢", "buxiugang"),
              ("国际货运代理", "huoyun"), ("机电设备", "jidian"))
_ZH_PEOPLE = (("王建国", "wangjg"), ("李晓梅", "lixm"), ("张伟", "zhangw"), ("刘芳", "liuf"),
              ("赵鹏飞", "zhaopf"), ("周丽华", "zhoulh"), ("吴志刚", "wuzg"), ("孙倩", "sunq"))
_TW_NAMES = (("順發", "shunfa"), ("聯興", "lianxing"), ("國泰", "kuotai"), ("豐裕", "fengyu"))
_TW_PEOPLE = (("黃雅婷", "huangyt"), ("張家豪", "changjh"), ("陳美玲", "chenml"))
_TW_PLACES = ("高雄", "台北", "香港", "新竹")
_JA_NAMES = (("田中", "tanaka"), ("佐々木", "sasaki"), ("東海", "tokai"), ("北陸", "hokuriku"))
_JA_PEOPLE = (("鈴木 恵子", "suzuki"), ("高橋 誠", "takahashi"), ("渡辺 由美", "watanabe"))
_JA_PLACES = ("東京", "名古屋", "横浜", "福岡")
_DE_NAMES = ("Müller Schrauben", "Süd-Eisen", "Weiß & Söhne", "Großhandel Köhler", "Öztürk Metall")
_DE_PEOPLE = ("Günther Weiß", "Käthe Schröder", "Björn Hößler", "Ulrike Jäger")
_DE_PLACES = ("Stuttgart", "Köln", "Zürich", "Linz")
_ES_NAMES = ("Ferretería Ibáñez", "Aceros Muñoz", "Suministros Peña", "Fijaciones Ávila")
_ES_PEOPLE = ("Begoña Núñez", "José Ángel Rincón", "María Fernández", "Raúl Cárdenas")
_ES_PLACES = (("Valencia", "+0100"), ("Monterrey", "-0600"), ("Bogotá", "-0500"), ("Lima", "-0500"))

_ASCII = str.maketrans("äöüßéíóúáñÁÉÍÓÚÖÜ", "aousei" + "ouan" + "AEIOUOU")


def _slug(text):
    plain = text.translate(_ASCII).lower()
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def _english(rng):
    place, zone = rng.choice(_EN_PLACES)
    company = f"{rng.choice(_EN_NAMES)} {rng.choice(_EN_TRADES)} {rng.choice(_EN_LEGAL)}"
    first, last = rng.choice(_EN_FIRST), rng.choice(_EN_LAST)
    domain = "".join(_slug(word) for word in company.split()[:-1])
    return Person(f"{first} {last}", f"{_slug(first)}.{_slug(last)}@{domain}.example", company,
                  place, "en", zone)


def _eastern(rng, language, names, trades, people, places, legal, zone):
    (name, name_ascii), (trade, trade_ascii) = rng.choice(names), rng.choice(trades)
    (person, person_ascii), place = rng.choice(people), rng.choice(places)
    return Person(person, f"{person_ascii}@{name_ascii}-{trade_ascii}.example",
                  (place if language == "zh" else "") + name + trade + legal, place, language, zone)


def _western(rng, language, names, people, places):
    place, zone = rng.choice(places)
    company, person = rng.choice(names), rng.choice(people)
    legal = "GmbH" if language == "de" else "S.L."
    return Person(person, f"{_slug(person)}@{_slug(company)}.example", f"{company} {legal}", place,
                  language, zone)


def _random_customer(rng):
    language = rng.choices(("en", "zh", "tw", "ja", "de", "es"), (55, 22, 8, 5, 5, 5))[0]
    if language == "en":
        return _english(rng)
    if language == "zh":
        return _eastern(rng, "zh", _ZH_NAMES, _ZH_TRADES, _ZH_PEOPLE, _ZH_PLACES, "有限公司", "+0800")
    if language == "tw":
        return _eastern(rng, "tw", _TW_NAMES, (("五金", "hw"), ("實業", "ind")), _TW_PEOPLE,
                        _TW_PLACES, "股份有限公司", "+0800")
    if language == "ja":
        return _eastern(rng, "ja", _JA_NAMES, (("商事", "shoji"), ("産業", "sangyo")), _JA_PEOPLE,
                        _JA_PLACES, "株式会社", "+0900")
    if language == "de":
        return _western(rng, "de", _DE_NAMES, _DE_PEOPLE, [(p, "+0100") for p in _DE_PLACES])
    return _western(rng, "es", _ES_NAMES, _ES_PEOPLE, _ES_PLACES)


def customers(rng, count):
    """The known customers first, then invented ones."""
    return list(_KEY_CUSTOMERS) + [_random_customer(rng) for _ in range(count)]


# name in en, zh, tw, ja, de, es; standard; HS code; sizes
_PRODUCTS = (
    (("hex bolts", "外六角螺栓", "六角螺栓", "六角ボルト", "Sechskantschrauben", "tornillos hexagonales"),
     "DIN 933", "7318.15", ("M6x20", "M8x40", "M10x60", "M12x80", "M16x100", "M20x120")),
    (("hex nuts", "六角螺母", "六角螺帽", "六角ナット", "Sechskantmuttern", "tuercas hexagonales"),
     "DIN 934", "7318.16", ("M6", "M8", "M10", "M12", "M16")),
    (("flat washers", "平垫圈", "平墊圈", "平座金", "Unterlegscheiben", "arandelas planas"),
     "DIN 125", "7318.22", ("M5", "M8", "M10", "M14")),
    (("threaded rods", "全牙螺杆", "全牙螺桿", "寸切ボルト", "Gewindestangen", "varillas roscadas"),
     "DIN 975", "7318.15", ("M8x1000", "M10x1000", "M12x2000")),
    (("self-drilling screws", "自攻自钻螺钉", "自攻鑽尾螺絲", "ドリルねじ", "Bohrschrauben",
      "tornillos autoperforantes"),
     "DIN 7504", "7318.14", ("4.2x19", "4.8x25", "5.5x32", "6.3x50")),
    (("wedge anchors", "膨胀螺栓", "膨脹螺栓", "アンカーボルト", "Bolzenanker", "anclajes de cuña"),
     "ETA-11/0182", "7318.19", ("M8x75", "M10x95", "M12x120", "M16x145")),
    (("butt hinges", "合页", "鉸鏈", "蝶番", "Scharniere", "bisagras"),
     "EN 1935", "8302.10", ("3 inch", "4 inch", "100x75x3mm")),
    (("pipe fittings", "不锈钢管件", "不鏽鋼管件", "配管継手", "Rohrverbinder", "accesorios de tubería"),
     "ASTM A403", "7307.29", ("DN15", "DN25", "DN40", "DN50")),
)
_MATERIALS = (
    ("304 stainless", "304不锈钢", "304不鏽鋼", "SUS304", "A2-70", "inox A2"),
    ("316 stainless", "316不锈钢", "316不鏽鋼", "SUS316", "A4-80", "inox A4"),
    ("zinc plated grade 8.8", "8.8级镀锌", "8.8級鍍鋅", "亜鉛メッキ8.8", "verzinkt 8.8", "cincado 8.8"),
    ("hot-dip galvanised", "热镀锌", "熱浸鍍鋅", "溶融亜鉛めっき", "feuerverzinkt",
     "galvanizado en caliente"),
    ("brass", "黄铜", "黃銅", "真鍮", "Messing", "latón"),
)
LANGUAGES = ("en", "zh", "tw", "ja", "de", "es")


def list_products():
    """All products as (names by LANGUAGES, standard, HS code, sizes)."""
    return _PRODUCTS


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a quote or order: {language: name}, and numbers."""

    names: dict
    standard: str
    hs_code: str
    quantity: int
    price: float


def _line(rng):
    names, standard, hs_code, sizes = rng.choice(_PRODUCTS)
    material, size = rng.choice(_MATERIALS), rng.choice(sizes)
    joined = {"en": "{size} {material} {name}", "zh": "{size} {material}{name}",
              "tw": "{size} {material}{name}", "ja": "{size} {material}{name}",
              "de": "{size} {name} {material}", "es": "{size} {name} {material}"}
    spelt = {language: joined[language].format(size=size, material=material[i], name=names[i])
             for i, language in enumerate(LANGUAGES)}
    return Line(spelt, standard, hs_code, rng.randrange(2, 200) * 500,
                rng.randrange(18, 2400) / 1000)


_PORTS = ("Los Angeles", "Hamburg", "Rotterdam", "Felixstowe", "Yokohama", "Kaohsiung", "Santos",
          "Manzanillo", "Durban", "Melbourne", "Vancouver", "Savannah")
_SHIPS = ("EASTERN HARRIER", "NINGBO COURAGE", "PACIFIC LANTERN", "BALTIC MERIDIAN",
          "SOUTHERN JADE", "OCEAN THISTLE", "CAPE VERBENA")
_BANKS = ("Bank of Eastport", "First Meridian Bank", "Hansa Kontor Bank", "Pacific Crown Bank",
          "Banco del Cantábrico")
_OWNERS = ("MSKU", "OOLU", "CSLU", "TCNU", "HLXU")
_LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                          (n for n in range(10, 39) if n % 11)))


def container_number(rng):
    """A container number with its right check digit (ISO 6346), such as "MSKU 123456-5"."""
    owner, digits = rng.choice(_OWNERS), f"{rng.randrange(1000000):06d}"
    values = [_LETTER_VALUES[c] for c in owner] + [int(c) for c in digits]
    check = sum(value << position for position, value in enumerate(values)) % 11 % 10
    return f"{owner} {digits}-{check}"


@dataclasses.dataclass(frozen=True)
class Deal:
    """One piece of business with one customer; `facts` fill the slots of the letters."""

    customer: Person
    lines: tuple
    facts: dict
    start: datetime.datetime


def _day(moment):
    return moment.strftime("%Y-%m-%d")


def make_deal(rng, customer, start):
    """Draws the products and every number that the letters and documents of a deal share."""
    lines = tuple(_line(rng) for _ in range(rng.randrange(1, 6)))
    first, serial = lines[0], rng.randrange(1000, 99999)
    total = sum(round(line.quantity * line.price, 2) for line in lines)
    shipped = start + datetime.timedelta(days=rng.randrange(38, 60))
    facts = {
        "item": first.names[customer.language], "item_en": first.names["en"],
        "standard": first.standard, "hs": first.hs_code, "qty": f"{first.quantity:,}",
        "price": f"USD {first.price:.3f}", "amount": f"USD {total:,.2f}",
        "quote": f"HHQ-{start:%y%m%d}-{serial % 97:02d}", "po": f"PO-{serial:05d}",
        "pi": f"PI-HH{start:%y}-{serial % 10000:04d}", "lc": f"LC{start:%y}NB{serial:06d}",
        "bank": rng.choice(_BANKS), "container": container_number(rng),
        "vessel": f"{rng.choice(_SHIPS)} V.{rng.randrange(10, 200):03d}W",
        "bl": f"NGB{rng.randrange(10**8):08d}", "port": rng.choice(_PORTS),
        "etd": _day(shipped), "eta": _day(shipped + datetime.timedelta(days=rng.randrange(12, 36))),
        "courier": f"{rng.randrange(10**9, 10**10)}", "cartons": f"{rng.randrange(40, 900)}",
        "weight": f"{rng.randrange(900, 24000):,} kg", "lead": f"{rng.randrange(20, 46)}",
        "defect": f"{rng.randrange(2, 15)}", "discount": f"{rng.randrange(2, 8)}%",
        "valid": _day(start + datetime.timedelta(days=30)),
        "contact": customer.name, "company": customer.company, "city": customer.city,
    }
    return Deal(customer, lines, facts, start)
