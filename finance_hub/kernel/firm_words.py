"""Words of the firm registry in both languages: industries, stages of growth, recognitions."""

from __future__ import annotations

from finance_hub.kernel.text import Text

#: Sections of GB/T 4754-2017, by their letter.
SECTIONS = {
    "A": Text("农、林、牧、渔业", "Agriculture"),
    "B": Text("采矿业", "Mining"),
    "C": Text("制造业", "Manufacturing"),
    "D": Text("电力、热力、燃气及水生产和供应业", "Utilities"),
    "E": Text("建筑业", "Construction"),
    "F": Text("批发和零售业", "Trade"),
    "G": Text("交通运输、仓储和邮政业", "Transport and post"),
    "H": Text("住宿和餐饮业", "Accommodation and catering"),
    "I": Text("信息传输、软件和信息技术服务业", "Information technology"),
    "J": Text("金融业", "Finance"),
    "K": Text("房地产业", "Real estate"),
    "L": Text("租赁和商务服务业", "Business services"),
    "M": Text("科学研究和技术服务业", "Research and technical services"),
    "N": Text("水利、环境和公共设施管理业", "Environment and public facilities"),
    "O": Text("居民服务、修理和其他服务业", "Resident services"),
    "P": Text("教育", "Education"),
    "Q": Text("卫生和社会工作", "Health and social work"),
    "R": Text("文化、体育和娱乐业", "Culture, sports and entertainment"),
    "S": Text("公共管理、社会保障和社会组织", "Public administration"),
    "T": Text("国际组织", "International organisations"),
}
STAGES = {
    "seed": Text("种子期", "Seed"),
    "startup": Text("初创期", "Start-up"),
    "growth": Text("成长期", "Growth"),
    "expansion": Text("扩张期", "Expansion"),
    "mature": Text("成熟期", "Mature"),
}
CLASSES = {
    "high_tech": Text("高新技术企业", "High-tech enterprise"),
    "tech_sme": Text("科技型中小企业", "Technology SME"),
    "innovative_sme": Text("创新型中小企业", "Innovative SME"),
    "specialised": Text("专精特新中小企业", "Specialised SME"),
    "little_giant": Text("专精特新小巨人企业", "Little giant"),
    "provincial_tech": Text("省科技型中小企业", "Provincial technology SME"),
    "talent_programme": Text("人才计划", "Talent programme"),
}
