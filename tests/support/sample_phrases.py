"""Greetings, closings and letters of sample trade mail in Chinese, Japanese, German and Spanish.

LETTERS[language][stage] is (subjects, one tuple of alternatives per paragraph); names in braces are
facts of sample_world.Deal. The English ones are in sample_phrases_en.py."""

GREETINGS = {
    "en": ("Dear {to},", "Hi {to},", "Hello {to},", "Good day {to},"),
    "zh": ("{to}，您好！", "尊敬的{to}：", "{to}你好，"),
    "tw": ("{to} 您好：", "敬啟者：", "{to}，您好！"),
    "ja": ("{to} 様", "お世話になっております。"),
    "de": ("Sehr geehrte Damen und Herren,", "Guten Tag {to},", "Hallo {to},"),
    "es": ("Estimada {to}:", "Buenos días, {to}:", "Hola {to},"),
}
CLOSINGS = {
    "en": ("Best regards,", "Kind regards,", "Thanks and regards,", "Yours sincerely,"),
    "zh": ("顺祝商祺！", "此致\n敬礼", "谢谢！"),
    "tw": ("順頌 商祺", "敬祝 商祺", "謝謝！"),
    "ja": ("よろしくお願いいたします。", "何卒よろしくお願い申し上げます。"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße"),
    "es": ("Un cordial saludo,", "Atentamente,"),
}
WROTE = {
    "en": "On {date}, {name} wrote:", "zh": "在 {date}，{name} 写道：", "tw": "{name} 於 {date} 寫道：",
    "ja": "{date} {name} のメール:", "de": "Am {date} schrieb {name}:",
    "es": "El {date}, {name} escribió:",
}

LETTERS = {
    "zh": {
        "inquiry": (
            ("询价：{item}", "{item} 求报价", "关于{item}的询盘"),
            ("我们是{city}的{company}，从广交会上了解到贵司。", "经朋友介绍，得知贵公司长期生产出口紧固件。",
             "我司有一批新订单，需要采购以下产品。"),
            ("请报 {item}，执行标准 {standard}，数量 {qty} 件，最好含税含运费。",
             "需要 {item}，{qty} 件，请提供材质报告和最快交期。"),
            ("如价格合适，本周即可下单。", "请同时附上产品目录和检测报告。", "付款方式可以月结30天吗？"),
        ),
        "quote": (
            ("报价单 {quote}：{item}", "{item} 报价 {quote}"),
            ("感谢您的询价，附件是我们的报价单 {quote}，请查收。", "您好，报价已做好，详见附件 Excel 和 PDF。"),
            ("{item}，{qty} 件，单价 {price}，总金额 {amount}，FOB 宁波。",
             "单价 {price}，{qty} 件起订，海关编码 {hs}，交货期 {lead} 天。"),
            ("报价有效期至 {valid}。", "原材料最近涨价较快，建议尽早确认，有效期到 {valid}。"),
        ),
        "negotiate": (
            ("价格能否再优惠", "关于报价 {quote} 的价格"),
            ("报价单 {quote} 已收到，价格比我们目前的供应商高。", "老板看了报价，觉得 {price} 偏高。"),
            ("如果能再降 {discount}，我们马上签合同。", "请确认能否按 {discount} 折让，数量可以增加。"),
            ("另外镀锌层厚度要求不低于8微米，盐雾试验72小时。", "外箱请不要印任何标识，用中性包装。"),
        ),
        "sample": (
            ("样品已寄出，快递单号 {courier}", "{item} 样品"),
            ("{item} 的样品今天已通过顺丰寄出，单号 {courier}。", "样品安排好了，快递单号 {courier}，请注意查收。"),
            ("请测试扭矩和硬度后告知结果。", "样品免费，运费到付，大货下单后退还。"),
        ),
        "order": (
            ("采购订单 {po}", "订单 {po} 请确认"),
            ("附件是采购订单 {po}，请盖章回传。", "样品合格，现正式下单，订单号 {po}。"),
            ("{item} {qty} 件，总金额 {amount}，请在 {lead} 天内交货。",
             "请严格按照样品生产，包装为每箱25公斤，共 {cartons} 箱。"),
        ),
        "proforma": (
            ("形式发票 {pi}（订单 {po}）", "合同及形式发票 {pi}"),
            ("订单 {po} 已收到，形式发票 {pi} 见附件。", "请查收形式发票 {pi}，并安排30%定金。"),
            ("收到定金后 {lead} 天交货，总金额 {amount}。", "请核对银行账号，我司账号近期没有变更，谨防诈骗邮件。"),
        ),
        "lc": (
            ("信用证 {lc} 已开出", "信用证 {lc} 修改"),
            ("我方已通过 {bank} 开出不可撤销信用证 {lc}，金额 {amount}。", "请核对信用证 {lc} 草稿，如有不符点请尽快告知。"),
            ("最迟装运日 {etd}，交单期21天，不允许分批装运。", "装运港宁波，目的港 {port}，需提供全套清洁提单。"),
        ),
        "shipping": (
            ("发货通知：{container} / {vessel}", "提单 {bl} 及装箱单"),
            ("货物已于 {etd} 装船，船名航次 {vessel}，集装箱号 {container}。",
             "订单 {po} 已装柜，柜号 {container}，提单号 {bl}。"),
            ("共 {cartons} 箱，毛重 {weight}，预计 {eta} 到达 {port}。", "装箱单和提单扫描件见附件，正本已寄出，快递单号 {courier}。"),
        ),
        "complaint": (
            ("质量投诉：订单 {po}", "{item} 有质量问题"),
            ("收到的 {item} 抽检发现约 {defect}% 螺纹不合格，无法旋入。", "柜号 {container} 的货到仓后发现生锈，比例约 {defect}%。"),
            ("照片和检验记录见附件，请三天内给出处理方案。", "客户已经停线，请尽快补货或赔偿。"),
        ),
        "answer": (
            ("关于订单 {po} 质量问题的回复",),
            ("非常抱歉给您带来麻烦，我们已通知质检部复查留样。", "接到投诉后我们立即召开了会议，原因是搓丝板磨损。"),
            ("不良品将在下一批订单中免费补发，另给予 {discount} 的折扣。", "请退回部分样品，快递费由我司承担，8D报告一周内提供。"),
        ),
        "thanks": (
            ("货已收到，谢谢", "订单 {po} 完成"),
            ("货物已顺利到仓，数量和质量都没有问题。", "{container} 已清关，感谢配合。"),
            ("下季度我们还需要同样的 {item}，到时联系。", "尾款今天已汇出，请查收水单。"),
        ),
        "catalogue": (
            ("宁波海恒五金 {year} 年最新产品目录", "新产品目录，敬请查阅"),
            ("附件是我司 {year} 年最新产品目录，包括不锈钢紧固件、合页、管件等。", "新目录已经出来了，共新增120个品种，欢迎索取样品。"),
            ("现有 {item} 现货，价格优惠。", "如需报价，请直接回复规格和数量。"),
        ),
        "internal": (
            ("{company} 客户交接", "本周出货安排", "{po} 跟单情况"),
            ("{company} 的订单 {po} 由你继续跟进，资料都在共享盘。", "本周计划出运 {container}，请单证部准备报关资料。"),
            ("客户的底价是 {price}，请不要外传。", "注意 {contact} 对包装要求很严，每批都要拍照。"),
        ),
    },
    "tw": {
        "inquiry": (
            ("詢價：{item}", "請報價 {item}"),
            ("我們是{city}的{company}，專營五金批發。", "貴公司產品在展覽會上給我們留下深刻印象。"),
            ("請報 {item} {qty} 支的 CIF {port} 價格。", "需要 {item}，規格 {standard}，數量 {qty}，請附材質證明。"),
            ("期待您的回覆。", "如有樣品請先寄兩組。"),
        ),
        "quote": (
            ("報價單 {quote}：{item}",),
            ("感謝您的詢價，隨函附上報價單 {quote}。", "報價如附件，請參考。"),
            ("{item} 單價 {price}，數量 {qty}，總價 {amount}。", "單價 {price}，交期 {lead} 天，稅則號列 {hs}。"),
            ("本報價有效期限至 {valid}。",),
        ),
        "negotiate": (
            ("關於報價 {quote}",),
            ("報價單 {quote} 收到，單價 {price} 仍高於市場行情。",),
            ("若能再降 {discount}，本月即可下單。", "請問付款條件可否改為出貨後45天？"),
        ),
        "order": (
            ("訂購單 {po}",),
            ("附件為訂購單 {po}，請簽回確認。",),
            ("{item} {qty} 支，請於 {etd} 前裝船至 {port}。", "包裝請用中性紙箱，共 {cartons} 箱。"),
        ),
        "shipping": (
            ("出貨通知 {container}",),
            ("貨物已於 {etd} 裝船，船名 {vessel}，櫃號 {container}。",),
            ("預計 {eta} 抵達 {port}，提單號碼 {bl}，毛重 {weight}。",),
        ),
        "complaint": (
            ("品質異常通知：{po}",),
            ("櫃號 {container} 開箱後發現約 {defect}% 產品表面有鏽斑。",),
            ("檢驗紀錄如附件，請儘速提出改善對策。",),
        ),
        "thanks": (
            ("貨品收到，感謝",),
            ("訂單 {po} 的貨品已全數點收，品質良好。",),
            ("後續 {item} 的需求再麻煩您。",),
        ),
        "catalogue": (
            ("寧波海恒五金 {year} 年產品型錄",),
            ("附件為本公司 {year} 年最新產品型錄，敬請參考。",),
            ("{item} 備有現貨，歡迎來信詢價。",),
        ),
    },
    "ja": {
        "inquiry": (
            ("{item} の見積依頼", "お見積りのお願い：{item}"),
            ("{city}の{company}でございます。貴社のホームページを拝見しました。", "いつもお世話になっております。{company}です。"),
            ("{item}（{standard}）を {qty} 本購入したく、お見積りをお願いいたします。",
             "下記製品の価格と納期をご連絡ください。{item}、数量 {qty} 本。"),
            ("納期は {lead} 日以内を希望しております。", "ミルシートの添付もお願いいたします。"),
        ),
        "negotiate": (
            ("見積 {quote} について",),
            ("見積書 {quote} を受け取りました。", "ご送付いただいた見積 {quote} を検討いたしました。"),
            ("単価 {price} から {discount} の値引きは可能でしょうか。", "梱包は中性箱でお願いいたします。"),
        ),
        "order": (
            ("注文書 {po}",),
            ("添付の注文書 {po} をご確認ください。",),
            ("{item} {qty} 本、合計 {amount} でお願いいたします。",),
        ),
        "complaint": (
            ("品質不良のご連絡（{po}）",),
            ("コンテナ {container} の {item} に約 {defect}% の錆が見つかりました。",),
            ("検査記録を添付いたします。至急対策をご連絡ください。",),
        ),
        "thanks": (
            ("納品確認（{po}）",),
            ("注文 {po} の商品を無事受領いたしました。ありがとうございます。",),
            ("次回の {item} もよろしくお願いいたします。",),
        ),
    },
    "de": {
        "inquiry": (
            ("Anfrage: {item}", "Preisanfrage {item}"),
            ("wir sind ein Großhändler für Befestigungstechnik in {city}.",
             "auf der Messe in Köln haben wir Ihre Muster gesehen."),
            ("Bitte bieten Sie uns {item} nach {standard} an, Menge {qty} Stück, frei {port}.",
             "Wir benötigen {qty} Stück {item} mit Werkszeugnis 3.1."),
            ("Für eine kurzfristige Rückmeldung wären wir dankbar.",
             "Können Sie vorab Muster schicken?"),
        ),
        "negotiate": (
            ("Ihr Angebot {quote}",),
            ("vielen Dank für Ihr Angebot {quote}; leider ist der Preis von {price} zu hoch.",),
            ("Bei einem Nachlass von {discount} würden wir kurzfristig bestellen.",
             "Bitte prüfen Sie die Lieferzeit, {lead} Tage sind für uns zu lang."),
        ),
        "order": (
            ("Bestellung {po}",),
            ("anbei unsere Bestellung {po} über {item}, {qty} Stück.",),
            ("Bitte bestätigen Sie Menge, Preis und Liefertermin.",
             "Lieferung spätestens {etd}, Verpackung neutral."),
        ),
        "complaint": (
            ("Mängelrüge zu Bestellung {po}",),
            ("bei der Prüfung waren rund {defect} % der Teile außer Toleranz ({container}).",),
            ("Das Prüfprotokoll liegt bei; bitte schlagen Sie eine Lösung vor.",),
        ),
        "thanks": (
            ("Ware eingetroffen ({po})",),
            ("die Lieferung zu {po} ist vollständig eingetroffen, vielen Dank.",),
            ("Den Restbetrag überweisen wir für {item} noch diese Woche.",),
        ),
    },
    "es": {
        "inquiry": (
            ("Solicitud de cotización: {item}", "Consulta de precio {item}"),
            ("somos {company}, distribuidores de ferretería en {city}.",
             "conocimos su empresa en la feria de Cantón el año pasado."),
            ("Necesitamos {qty} piezas de {item}, norma {standard}. ¿Precio CIF {port}?",),
            ("Agradecemos también el catálogo y los certificados de calidad.",
             "¿Cuál sería el plazo de entrega?"),
        ),
        "negotiate": (
            ("Su cotización {quote}",),
            ("hemos recibido la cotización {quote}, pero el precio de {price} es todavía alto.",),
            ("Si nos hacen un descuento del {discount}, cerramos el pedido mañana.",),
        ),
        "order": (
            ("Pedido {po}",),
            ("adjuntamos el pedido {po} de {item}, {qty} piezas.",),
            ("Por favor, confirmen la fecha de embarque a más tardar el {etd}.",),
        ),
        "complaint": (
            ("Reclamación sobre el pedido {po}",),
            ("al abrir el contenedor {container} encontramos un {defect} % de piezas oxidadas.",),
            ("Adjuntamos el informe de inspección; esperamos su solución.",),
        ),
        "thanks": (
            ("Mercancía recibida ({po})",),
            ("la mercancía del pedido {po} llegó en buen estado, muchas gracias.",),
            ("Volveremos a pedir {item} en primavera.",),
        ),
    },
}
