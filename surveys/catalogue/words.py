"""The codes that records use, with their words in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.definition.text import Text

Words = Mapping[str, Text]

REFERENTS: Words = MappingProxyType(
    {
        "people": Text("people in general", "一般的人"),
        "partner": Text("partner in a close relationship", "亲密关系中的伴侣"),
        "leader": Text("leader or supervisor", "领导或上级"),
        "colleagues": Text("colleagues", "同事"),
        "team": Text("team", "团队"),
        "management": Text("top management", "高层管理者"),
        "employer": Text("own organization", "所在组织"),
        "self": Text("the person answering", "受访者本人"),
        "company": Text("company, as a customer sees it", "企业（顾客视角）"),
        "brand": Text("brand", "品牌"),
        "salesperson": Text("salesperson or frontline staff", "销售或一线人员"),
        "supplier": Text("supplier or business partner", "供应商或合作伙伴"),
        "website": Text("website or online vendor", "网站或网上商家"),
        "technology": Text("technology, automation or AI", "技术、自动化或 AI"),
        "institution": Text("government or institution", "政府或机构"),
        "physician": Text("physician", "医生"),
    }
)

CONSTRUCTS: Words = MappingProxyType(
    {
        "trust": Text("trust in somebody or something", "对特定对象的信任"),
        "trustworthiness": Text("perceived trustworthiness", "可信度感知"),
        "propensity": Text(
            "general trust and propensity to trust", "一般信任与信任倾向"
        ),
        "distrust": Text("distrust", "不信任"),
        "safety": Text("psychological safety", "心理安全"),
        "transparency": Text("transparency", "透明度"),
        "contract": Text("psychological contract", "心理契约"),
        "repair": Text("trust repair", "信任修复"),
        "commitment": Text("commitment", "承诺"),
        "satisfaction": Text("satisfaction", "满意度"),
        "loyalty": Text("loyalty and intentions", "忠诚与意向"),
    }
)

# What the class allows, in plain words. No legal advice: the holder's text decides.
LICENCES: Words = MappingProxyType(
    {
        "PD": Text("public domain", "公有领域"),
        "OPEN": Text("open licence", "开放许可"),
        "NC": Text("free for non-commercial research", "非商业研究免费"),
        "ASK": Text("ask the holder", "须征得权利人许可"),
        "SOLD": Text("licence is sold", "须购买许可"),
        "TM": Text("trademark", "商标"),
    }
)
PERMISSIONS: Words = MappingProxyType(
    {
        "PD": Text(
            "Anybody may use, copy and translate it, for any purpose, without asking.",
            "任何人都可以为任何目的使用、复制和翻译，无须征求许可。",
        ),
        "OPEN": Text(
            "You may use and copy it under the terms of its open licence; name the "
            "authors, and read the terms before you change or sell anything.",
            "可在其开放许可的条款下使用和复制；须署名，修改或商用之前请先阅读条款。",
        ),
        "NC": Text(
            "You may use it free of charge in non-commercial research. For any other "
            "use, ask first.",
            "可在非商业研究中免费使用。其他用途请先征得许可。",
        ),
        "ASK": Text(
            "The wording is protected. Many holders allow academic research; do not "
            "use or pass on the wording before you have their permission.",
            "题目文字受版权保护。许多权利人允许学术研究使用；在获得许可之前，请勿使用或传播题目文字。",
        ),
        "SOLD": Text(
            "The holder sells licences; using it without one is not allowed, except "
            "where the holder says so.",
            "权利人出售使用许可；除权利人另有说明外，未经购买不得使用。",
        ),
        "TM": Text(
            "The name is a registered trademark. The method may be described; the name "
            "may not be used for a product or service without permission.",
            "该名称是注册商标。方法可以描述；未经许可，不得将该名称用于产品或服务。",
        ),
    }
)

ANCHORS: Words = MappingProxyType(
    {
        "agreement": Text("agreement", "同意程度"),
        "likelihood": Text("likelihood", "可能性"),
        "willingness": Text("willingness", "意愿程度"),
        "confidence": Text(
            "confidence from near zero to near certain",
            "把握程度，由几乎没有到几乎确定",
        ),
        "accuracy": Text("how accurately it describes the person", "符合程度"),
        "bipolar": Text("pairs of opposites", "成对反义词"),
        "ends": Text("labels at both ends only", "仅标注两端"),
        "extent": Text("extent", "程度"),
        "choice": Text("choice between statements", "在陈述中选择"),
    }
)
SCORING: Words = MappingProxyType(
    {
        "means": Text(
            "Mean of the items of each dimension, reverse items turned first.",
            "先将反向题反向计分，再求各维度题目的均值。",
        ),
        "sum": Text(
            "Sum of all items, reverse items turned first.",
            "先将反向题反向计分，再求总和。",
        ),
        "share": Text(
            "Share of 9 and 10 minus share of 0 to 6.",
            "评 9、10 分者的比例减去评 0 至 6 分者的比例。",
        ),
        "ratio": Text(
            "Sum of three parts divided by a fourth.", "三个部分之和除以第四个部分。"
        ),
        "single": Text("Each item is reported by itself.", "每道题单独报告。"),
    }
)
WORDING: Words = MappingProxyType(
    {
        "paper": Text("In the publication.", "见原文献。"),
        "appendix": Text("In the appendix of the publication.", "见原文献附录。"),
        "site": Text("On the holder's website.", "见权利人网站。"),
        "holder": Text("From the holder or the authors.", "向权利人或作者索取。"),
        "data": Text(
            "In the item dictionary of the R package psychTools.",
            "见 R 软件包 psychTools 的题目词典。",
        ),
    }
)

LANGUAGES: Words = MappingProxyType(
    {
        "en": Text("English", "英语"),
        "zh-hans": Text("Chinese", "中文"),
        "de": Text("German", "德语"),
        "es": Text("Spanish", "西班牙语"),
        "fr": Text("French", "法语"),
        "it": Text("Italian", "意大利语"),
        "ja": Text("Japanese", "日语"),
        "nl": Text("Dutch", "荷兰语"),
        "pl": Text("Polish", "波兰语"),
        "pt": Text("Portuguese", "葡萄牙语"),
        "ru": Text("Russian", "俄语"),
        "tr": Text("Turkish", "土耳其语"),
        "many": Text("several languages", "多种语言"),
    }
)
COUNTRIES: Words = MappingProxyType(
    {
        "BR": Text("Brazil", "巴西"),
        "CA": Text("Canada", "加拿大"),
        "CN": Text("mainland China", "中国大陆"),
        "DE": Text("Germany", "德国"),
        "ES": Text("Spain", "西班牙"),
        "FI": Text("Finland", "芬兰"),
        "FR": Text("France", "法国"),
        "GB": Text("United Kingdom", "英国"),
        "IT": Text("Italy", "意大利"),
        "JP": Text("Japan", "日本"),
        "NL": Text("Netherlands", "荷兰"),
        "PL": Text("Poland", "波兰"),
        "RU": Text("Russia", "俄罗斯"),
        "SG": Text("Singapore", "新加坡"),
        "TR": Text("Turkey", "土耳其"),
        "US": Text("United States", "美国"),
        "ZA": Text("South Africa", "南非"),
        "several": Text("several countries", "多个国家和地区"),
    }
)

# Symbols of the field: the same in both languages unless a word is needed.
STATISTICS: Words = MappingProxyType(
    {
        "alpha": Text("alpha", "α"),
        "omega": Text("omega", "ω"),
        "CFI": Text("CFI", "CFI"),
        "TLI": Text("TLI", "TLI"),
        "RMSEA": Text("RMSEA", "RMSEA"),
        "SRMR": Text("SRMR", "SRMR"),
        "ICC1": Text("ICC(1)", "ICC(1)"),
        "AVE": Text("AVE", "AVE"),
        "CR": Text("composite reliability", "组合信度"),
        "SPLIT": Text("split-half reliability", "分半信度"),
        "RETEST": Text("retest correlation", "重测相关"),
        "loadings": Text("loadings", "载荷"),
        "correlations": Text("correlations of the dimensions", "维度间相关"),
        "mean": Text("mean (SD)", "均值（标准差）"),
    }
)
FIT = ("CFI", "TLI", "RMSEA", "SRMR", "ICC1", "AVE", "CR", "SPLIT", "RETEST")
