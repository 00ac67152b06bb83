"""Names of people, companies and banks where a payee's name stands."""

from __future__ import annotations

import re

from bot.recovery.spoken.clauses import PAYING

_COMPANY_EN = (
    r"(?:Ltd|LTD|Limited|Inc|LLC|LLP|PLC|Plc|Corp|Corporation|Company|Co|Trading|Holdings"
    r"|Group|GmbH"
    r"|Pte|Pty|Enterprises?|Industries|Logistics|Technology|Technologies|Consulting|Import|Export"
    r"|Services|International|Partners|Solutions|Investments?|Supplies|Electronics|Foundation)"
)
_WORD_EN = r"[A-Z][A-Za-z'’&.-]{0,24}"
_NAME_EN = rf"{_WORD_EN}(?:(?: &| and| of|,)? {_WORD_EN}){{0,6}}"
_LABEL_EN = re.compile(
    rf"(?i:\b(?:payee|beneficiary|recipient|receiver|account name|account holder"
    rf"|in the name of|name of"
    rf"|in favou?r of|made out to)(?:'s name)?(?: is| was|:)?)\s{{0,2}}(?:Mr\.? |Mrs\.? "
    rf"|Ms\.? |Miss )?(?P<name>{_NAME_EN})"
)
_TO_EN = re.compile(
    rf"\bto (?:a company called |someone called |a man called )?(?P<title>(?:Mr|Mrs|Ms|Miss"
    rf"|Dr)\.? )?(?P<name>{_NAME_EN})"
)
_LOWER_COMPANY_EN = re.compile(
    r"(?<![a-z])to (?P<name>(?:[a-z][a-z'&-]{1,20} ){1,4}(?:ltd|limited|inc|llc|trading"
    r"|company|co|corp|plc|gmbh)"
    r"(?: co)?(?: ltd| limited)?)(?![a-z])"
)
_NO_NAME_EN = frozenset(
    "i me him her them it us you he she they the a an my our his their this that these those "
    "mr mrs ms "
    "who what where when how why yes no ok bank china beijing shanghai shenzhen guangzhou "
    "hongkong london "
    "singapore telegram wechat alipay whatsapp police court january february march april may "
    "june july "
    "august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday god amazon apple safe account card customs prosecutor atm app sms pdf and please "
    "sorry not unknown i'm i'll i've america england europe australia usa uk hk".split()
)
# A company may begin with the name of its town (``Shenzhen Xinda Trading``).
_TOWNS_EN = frozenset(
    "china beijing shanghai shenzhen guangzhou hongkong london singapore england america europe "
    "australia usa uk hk".split()
)
_PLACES_EN = frozenset({"hong kong", "new york", "new zealand", "los angeles", "san francisco"})
_TELLING_EN = re.compile(
    r"(?<![a-z])(?:spoke|talk|talked|speak|said|listened|according|want|wanted|going|went"
    r"|told|used|write|wrote|replied)\s$"
)
_LOWER_NAME_PARTS = re.compile(r"(?:,? (?:and|of)|[ ,.&'-])+$")

_BACKWARDS = 160
"""How far before a name the words for paying may stand, in characters."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗凤方俞任袁柳史唐费"
    "薛雷贺倪汤滕殷罗毕郝安乐于傅皮齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童郭梅林钟徐"
    "邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓洪包左石崔龚程邢陆翁荀甄曲封段侯班宁仇甘武刘景龙叶黎白蒲邰赖卓屠池乔闻谭申冉牛燕"
    "尚温庄晏柴瞿阎慕连艾容向易廖耿满文广欧沃利师巩聂晁曾辛阚简饶沙丰关查游权盖益岳肖涂付"
)
_DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木"
_COMPANY_ZH = (
    r"有限责任公司|股份有限公司|有限公司|分公司|公司|集团|贸易|商贸|科技|实业|工厂|商行"
    r"|经营部|事务所|合作社|基金会"
    r"|工作室|咨询|建材|物流|电子|百货|门市部|服务部|批发部|商店"
)
_HAN = "\u3400-\u9fff"
_NAME_CHARACTER = f"[{_HAN}]"
_NOT_IN_NAME = (
    "的了是在他她你我们这那哪谁不没吗呢吧啊就都也还把被要说让给转汇打付款元块万钱账户卡号银行"
)
_PERSON_ZH = (
    rf"(?:(?:{_DOUBLE_SURNAMES})|[{_SURNAMES}])(?:(?![{_NOT_IN_NAME}]){_NAME_CHARACTER}){{1,2}}"
)
_PERSON_END = (
    r"(?=的(?:账|卡|户|银)|[\s，,。.！!；;、）)：:]|$|先生|女士|小姐|账户|账号|了|，"
    r"|在?[\u3400-\u9fff]{2,6}银行|[工农中建交招]行"
    r"|转|汇|打了?\d|付|\d|[一二两三四五六七八九十百千万]+(?:块|元|万|千))"
)
_COMPANY_NAME_ZH = (
    rf"(?:(?![的了他她你我们这那哪谁不没给转汇付款从到]){_NAME_CHARACTER}"
    rf"|[（()）A-Za-z]){{2,18}}?(?:{_COMPANY_ZH})(?:{_COMPANY_ZH})?"
)
_LABEL_ZH = (
    r"(?:收款人|收款方|收款单位|收款户名|户名|账户名|收款账户名|收方|对方(?:叫|户名)"
    r"|抬头)(?:姓名|名称|名字)?(?:是|叫|为|写的?是)?[:：\s]{0,2}"
)
_TOWARDS_ZH = (
    r"(?:转给|汇给|打给|付给|转到|汇到|打到|转入|汇入|转账给|汇款给|打款给|付款给|给|向"
    r"|转进)了?(?:一个叫|叫|一家叫)?\s?"
)
_HOLDER_ZH = re.compile(
    rf"(?:(?P<label>{_LABEL_ZH})|{_TOWARDS_ZH})(?:[{_HAN}]{{2,6}}银行的?\s?)?"
    rf"(?:(?P<company>{_COMPANY_NAME_ZH})|(?P<person>{_PERSON_ZH}){_PERSON_END})"
)
_NO_NAME_ZH = re.compile(
    r"^(?:安全|高级|金融|方便|马上|钱|经理|客服|警|公安|法院|检察|银行|公司|向|何|关于|于是"
    r"|任何|万一|高"
    r"|银联|权威|任务|费用|金额|文件|利息|师傅|连续|易|满|尚未|白|游戏|封|广东|广州|江苏|江西"
    r"|宁波|安徽|云南|龙岗|温州|石家庄|洪水|康复|史上|连云港)"
    r"|^(?:一家|某|这个|那个|这家|那家|他们|骗子|对方|自己|我们|别的|另外|哪|什么).{0,6}"
    r"|^(?:贸易|商贸|科技|集团|实业)?公司$"
)
_CALL_AFTER_ZH = re.compile(
    r"\s?(?:先生|女士|小姐)?(?:打了?个?电话|打电话|发|说|看|回|报警|听|介绍|解释|讲)"
)
_CALL_BEFORE_ZH = re.compile(r"(?:电话|说|发|微信)$")

_ABBREVIATED_EN = (
    r"ICBC|CCB|ABC Bank|BOC|BOCOM|CMB|HSBC|DBS|OCBC|UOB|Citibank|Barclays|NatWest|Santander"
    r"|Lloyds|Monzo|Revolut|Commerzbank|Westpac|Chase"
)
_BANK_EN = re.compile(
    rf"\b(?:(?:the )?(?P<of>Bank of [A-Z][a-z]+(?: [A-Z][a-z]+)?)"
    rf"|(?P<named>(?:[A-Z][A-Za-z&]{{1,20}} ){{1,4}}Bank(?: of [A-Z][a-z]+)?)\b"
    rf"|(?P<short>{_ABBREVIATED_EN}))\b"
)
_BANK_FOLLOWS = re.compile(rf"[,.]? (?=Bank of\b|(?:{_ABBREVIATED_EN})\b)")
_BANK_ZH = re.compile(
    r"(?P<name>(?:中国)?(?:工商|农业|建设|交通|招商|邮政储蓄|邮储|光大|民生|中信|兴业"
    r"|浦东发展|浦发|平安|广发|华夏|恒丰|浙商|渤海)银行|中国银行"
    r"|(?:北京|上海|南京|宁波|江苏|杭州|徽商|盛京|天津|重庆|成都|长沙|广州|东莞|汇丰|花旗"
    r"|渣打|恒生|东亚|星展|微众|网商)银行"
    r"|[\u3400-\u9fff]{2}(?:农村商业|农商)银行|(?:工|农|建|交|招)行(?!为|动|李|业|政|家|程|走"
    r"|使|情)|中行(?!业)|农商行|农信社|农村信用社)"
    r"(?P<branch>[\u3400-\u9fff]{2,8}?(?:支行|分行|营业部))?"
)
_BARE_EN = re.compile(
    rf"\W{{0,4}}(?:it was |it's |to )?(?P<name>{_NAME_EN})(?:,| at| with| \()?\W{{0,4}}"
)
_BARE_ZH = re.compile(
    rf"\W{{0,4}}(?:是|叫|给)?(?P<name>{_COMPANY_NAME_ZH}|{_PERSON_ZH})(?:先生|女士"
    rf"|小姐)?(?:的?账户)?\W{{0,6}}"
)


def account_holder_en(text: str, folded: str) -> str | None:
    """Return the name behind "payee" or, in a clause about paying, behind "to"."""
    match = _LABEL_EN.search(text)
    if match and (name := _name_en(match["name"], telling=True)):
        return name
    for match in _TO_EN.finditer(text):
        if _about_paying(folded, match.start()):
            name = _name_en(match["name"], telling=bool(match["title"]))
            if name:
                return name
    for match in _LOWER_COMPANY_EN.finditer(folded):
        first = match["name"].split()[0]
        if first not in _NO_NAME_EN and _about_paying(folded, match.start()):
            return text[match.start("name") : match.end("name")]
    return None


def account_holder_zh(text: str, folded: str) -> str | None:
    """Return the name behind `收款人` or behind `给`."""
    for match in _HOLDER_ZH.finditer(folded):
        group = "company" if match["company"] else "person"
        name, start, end = match[group], match.start(group), match.end(group)
        if _NO_NAME_ZH.search(name) or (not match["label"] and _speaks(folded, match.start(), end)):
            continue
        return text[start:end]
    return None


def named_banks(text: str, folded: str) -> list[tuple[str, int]]:
    """Return the banks that a text names, each with its place."""
    found = []
    for match in _BANK_EN.finditer(text):
        name = match["of"] or match["named"] or match["short"]
        while name.split()[0].lower() in ("to", "the", "my", "from", "at", "i", "his", "with"):
            name = name.partition(" ")[2]
        if name != "Bank":
            found.append((name, match.start()))
    found += [(text[m.start() : m.end()], m.start()) for m in _BANK_ZH.finditer(folded)]
    return sorted(found, key=lambda one: one[1])


def bare_name(text: str, folded: str, *, banks: list[str]) -> str | None:
    """Return the name that a whole answer consists of, the names of banks apart."""
    for bank in banks:
        text = text.replace(bank, " " * len(bank), 1)
        folded = folded.replace(bank.lower(), " " * len(bank), 1)
    text, folded = _without_brackets(text), _without_brackets(folded)
    match = _BARE_ZH.fullmatch(folded)
    if match and not _NO_NAME_ZH.search(match["name"]):
        return text[match.start("name") : match.end("name")]
    match = _BARE_EN.fullmatch(text)
    return _name_en(match["name"], telling=False, alone=True) if match else None


def _without_brackets(text: str) -> str:
    return re.sub(r"\[[^\[\]\n]{0,30}\]", lambda match: " " * len(match.group()), text)


def _name_en(name: str, *, telling: bool, alone: bool = False) -> str | None:
    """Return a name of at least two words, or None.

    Args:
        name: Capitalised words as found.
        telling: Whether a label or a title says that a name follows; then one word will do.
        alone: Whether it is the whole answer to the question to whom.
    """
    words = re.split(r"\.\s", name)[0] if not re.search(r"\b(?:Co|Ltd|Inc|Pte)\.\s", name) else name
    words = _LOWER_NAME_PARTS.sub("", _BANK_FOLLOWS.split(words)[0])
    first = words.split()[0].lower() if words.split() else ""
    is_company = bool(re.search(rf"\b{_COMPANY_EN}\b", words))
    if first in _TOWNS_EN and is_company and len(words.split()) > 2:
        return words
    if first in _NO_NAME_EN or words.lower() in _PLACES_EN or re.search(r"\bBank$", words):
        return None
    long_enough = len(words.split()) >= 2 or telling
    return (
        words
        if (is_company and len(words.split()) >= 2) or long_enough or (alone and is_company)
        else None
    )


def _about_paying(folded: str, place: int) -> bool:
    before = folded[max(0, place - _BACKWARDS) : place]
    return bool(PAYING.search(before)) and not _TELLING_EN.search(before)


def _speaks(folded: str, start: int, end: int) -> bool:
    """Tell whether somebody is called or told something, not paid: `给张三打电话`."""
    return bool(
        _CALL_AFTER_ZH.match(folded, end)
        or _CALL_BEFORE_ZH.search(folded[max(0, start - 3) : start])
    )
