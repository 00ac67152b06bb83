"""The short answers about a payment: channel, paying account, arrival, who is on the line.

Tables of wording, most specific first; a wording that the text denies ("not from the company
account", `不是网银`) does not count.
"""

from __future__ import annotations

import re
from typing import Literal, TypeVar

from bot.recovery.spoken.folding import fold, without_masked

Channel = Literal[
    "counter",
    "online",
    "corporate_online",
    "mobile",
    "atm",
    "third_party",
    "cash",
    "gift_card",
    "crypto",
]
Account = Literal["company", "private"]
Arrival = Literal["real_time", "ordinary", "next_day"]
_Answer = TypeVar("_Answer", bound=str)
_Table = tuple[tuple[_Answer, re.Pattern[str]], ...]

_DENIED = re.compile(
    r"(?:(?<![a-z])(?:not|never|no longer|isn't|wasn't|didn't|don't|without|instead of|rather than)"
    r"(?: (?:use|used|with|by|at|from|in|via|through|on|to|the|a|an|my|our|it was)){0,3}\s{0,2}"
    r"|(?:不是|没有?|并非|不用|没用|不走|没走|而非)(?:通过|用|在|从|去|走|是){0,2})$"
)
# What the caller had a customer install is no channel of the payment.
_INSTALLED = re.compile(
    r"(?:下载|安装|装|注册)了?一?[个款]?$"
    r"|(?<![a-z])(?:download|install)(?:ed)? (?:the |an |a |his |some )?$"
)
_LONGEST_DENIAL = 32


def _any(english: str, chinese: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{english})(?![a-z])|{chinese}")


_CHANNELS: _Table[Channel] = (
    (
        "gift_card",
        _any(
            r"(?:gift|steam|itunes|apple|google play|amazon|razer|prepaid|voucher|store|game)"
            r"[- ]?(?:gift )?(?:cards?|codes?|vouchers?)(?! bill)|vouchers?",
            r"礼品卡|购物卡|充值卡|点卡|卡密|京东卡|[eE]卡|苹果卡|储值卡|代金券",
        ),
    ),
    (
        "crypto",
        _any(
            r"bitcoins?|btc|crypto(?:currency|currencies)?|usdt|tether|ethereum|eth|stable ?coins?"
            r"|binance|coinbase|okx|kraken|bitcoin (?:atm|machine)|(?:crypto )?wallet address",
            r"比特币|虚拟(?:货)?币|数字货币|加密货币|usdt|泰达币|以太坊|u币|币安|欧易|火币|钱包地址",
        ),
    ),
    (
        "cash",
        _any(
            r"(?:gave|handed|hand|paid|passed|left|brought|delivered)(?: \w+){0,5} (?:in )?cash"
            r"(?! ?(?:machine|point|app|dispenser))"
            r"|cash to (?:a|the|his|her|their|some) (?:courier|man|woman|driver|person|messenger"
            r"|collector|officer|stranger)|(?:by|in|with) cash(?! ?(?:machine|point|app|dispenser))"
            r"|courier|^\W*(?:it was )?cash\W*$",
            r"(?:给|交|付|送|递|拿)了?[^，。]{0,10}现金|现金[^，。]{0,8}(?:给|交|送|拿走|取走)"
            r"|上门(?:来)?(?:取|收|拿)|当面(?:给|交)(?:了)?[^，。]{0,4}(?:钱|现金)|跑腿|^\W*现金\W*$",
        ),
    ),
    (
        "third_party",
        _any(
            r"alipay|wechat ?pay|wechat transfer|(?:by|via|with|through|on|using) wechat"
            r"|paypal|venmo"
            r"|zelle|cash ?app|revolut|third[- ]party (?:app|payment|wallet)|e-?wallet",
            r"支付宝|微信支付|微信转|用微信|(?:微信|qq)(?:钱包|红包|扫码)|^\W*微信\W*$|云闪付"
            r"|财付通|第三方支付|零钱",
        ),
    ),
    (
        "corporate_online",
        _any(
            r"(?:corporate|business|company(?:'s)?|commercial|enterprise)(?: account)?(?:'s)?"
            r"(?: (?:online|internet|e))[- ]?bank(?:ing)?|online bank(?:ing)? (?:of|for"
            r"|from) (?:the|our|my) "
            r"(?:company|firm|business)|corporate[- ]online",
            r"(?:企业|公司|对公|单位)的?(?:网上银行|网银|电子银行)|企网|银企直联",
        ),
    ),
    (
        "atm",
        _any(
            r"atms?|cash ?(?:machine|point)|cash dispenser|hole in the wall",
            r"atm|取款机|存取款机|柜员机|自助机|自助设备|自助银行",
        ),
    ),
    (
        "mobile",
        _any(
            r"mobile bank(?:ing)?|(?:bank(?:ing|'s)? |mobile |phone |the |an |my |^)app"
            r"|phone bank app"
            r"|on my (?:phone|mobile)|by app|via app|mobile",
            r"手机(?:银行|app|上的?网银|上操作|转账|上转)|掌上银行|银行(?:的)?app"
            r"|(?<![a-z])app(?![a-z])|^\W*手机\W*$|用手机转",
        ),
    ),
    (
        "online",
        _any(
            r"(?:online|internet|web|e|net)[- ]?bank(?:ing)?|online(?: transfer)?"
            r"|bank(?:'s)? website"
            r"|on the (?:website|computer)|through the website|home banking",
            r"网上银行|网银|电子银行|电脑上转|网上转账|网页版|u盾|u盘|k宝|优盾",
        ),
    ),
    (
        "counter",
        _any(
            r"(?:at|in|from|to|over|visited|via) (?:the|a|my|our) (?:bank'?s? )?(?:branch"
            r"|counter|bank counter)"
            r"|over the counter|(?:bank )?teller|counter|branch|in person at the bank",
            r"柜台|柜面|网点|营业厅|营业部|到银行(?:去)?(?:转|汇|办)|在银行(?:转|汇|办)"
            r"|去银行(?:转|汇|办)|窗口",
        ),
    ),
)
_CHANNEL_BEFORE_COMPANY = re.compile(
    r"(?:公司|企业|单位|公户|对公).{0,12}?网银|网银.{0,6}?(?:公户|对公|公司账户)"
    r"|(?:online|internet) banking.{0,30}?(?:company|corporate|business) account"
    r"|(?:company|corporate|business) account.{0,30}?(?:online|internet) banking"
)

_ACCOUNTS: _Table[Account] = (
    (
        "company",
        _any(
            r"(?:company|corporate|business|firm|employer|office|work|enterprise)(?:'s)? (?:bank )?"
            r"(?:account|money|funds|card)|(?:account|money|funds) of (?:the|our"
            r"|my) (?:company|firm|business)"
            r"|from (?:the|our|my) (?:company|firm|business)(?!'s)|(?:corporate|business"
            r"|company) (?:online|internet) bank(?:ing)?",
            r"公司的?(?:银行)?(?:账户|账号|账上|户头|的?钱|资金|公款|网银)|公户|公账"
            r"|对公(?:账户|网银)?|单位的?(?:账户|账号|钱|网银)"
            r"|企业的?(?:账户|账号|网银|网上银行)|从公司|用公司|公款|^\W*(?:公司|对公|单位"
            r"|企业)的?\W*$|基本户|一般户",
        ),
    ),
    (
        "private",
        _any(
            r"(?:my own|own|personal|private|savings|current|checking"
            r"|my) (?:bank )?(?:account|money|savings|card)"
            r"|my (?:debit|credit|savings) (?:card|account)|my savings|personal|private"
            r"|it was mine|my own",
            r"(?:个人|私人|自己|我本人|本人|我自己)的?(?:银行)?(?:账户|账号|卡|银行卡|储蓄卡"
            r"|钱|户头|存款)|私户|私账|我的?(?:银行)?(?:卡|账户|账号|储蓄卡)"
            r"|工资卡|^\W*(?:个人|私人|我自己|自己)的?\W*$",
        ),
    ),
)
_TOWARDS = re.compile(
    r"(?:(?<![a-z])(?:into|to)(?: (?:a|an|the|their|his|her|some))?\s|[到至给进]|往|入)(?:了"
    r"|一个|他们?|她|对方|那个|某个)?的?$"
)

_SOON = r"(?:transfer|payment|arrival|settlement|credit|delivery|remittance)s?"
_ARRIVALS: _Table[Arrival] = (
    (
        "next_day",
        _any(
            rf"next[- ](?:business |working |natural )?day {_SOON}"
            rf"|^\W*(?:the )?next[- ](?:business |working )?day\W*$"
            r"|(?:arrives?|arriving|credited|there|due|settles?"
            r"|posted) (?:the )?(?:next[- ](?:business |working )?day|tomorrow)"
            r"|t ?\+ ?1|24[- ]hours? (?:delay|later|arrival)",
            r"次日到?账?|隔日到账|第二天(?:才)?到账|明天(?:才)?到账|(?:24"
            r"|二十四)个?小时(?:以?后)?(?:才)?到账|t\+1",
        ),
    ),
    (
        "ordinary",
        _any(
            rf"(?:ordinary|standard|normal|regular) {_SOON}|^\W*(?:ordinary|standard|normal"
            rf"|regular)\W*$"
            r"|(?:arrives?|arriving|credited|there) (?:in|within|after) (?:2|two) hours"
            r"|two[- ]hour delay",
            r"普通(?:到账|转账|汇款|模式|方式|的?\W*$)|(?:2|两|二)个?小时(?:以?后"
            r"|内)?(?:才)?到账|延时到账",
        ),
    ),
    (
        "real_time",
        _any(
            rf"(?:instant|immediate|real[- ]?time|faster|express|urgent) {_SOON}"
            rf"|real[- ]?time|instantly"
            r"|^\W*(?:it was )?(?:instant|immediate(?:ly)?|at once|straight away|right away)\W*$"
            r"|(?:arrived|credited|went through|settled|was|is) (?:instant(?:ly)?|immediately"
            r"|at once|straight away|right away)",
            r"实时|立即到账|马上到账|即时到账|秒到|立刻到账|加急|瞬间到账|当时就到|马上就到",
        ),
    ),
)

_UNKNOWN = re.compile(
    r"(?<![a-z])(?:i )?(?:didn't (?=notice|catch|note)|doesn't|does not"
    r"|don't|do not|dont|can't|cannot|cant) (?:really |exactly |quite )?"
    r"(?:know|remember|recall|say|tell|notice|catch|note)(?! (?:him|her|them|this|that|anyone"
    r"|who he|who she|the man"
    r"|the woman|the caller|what to do|what i should|if i should|whether|why|you|anybody"
    r"|the number of))"
    r"|(?<![a-z])(?:no idea|no clue|not (?:very |quite |really |too )?sure|unsure|unknown"
    r"|i forgot|i(?:'ve| have) forgotten"
    r"|idk|dunno|haven't (?:a|got a) clue|not certain|hard to say)(?! (?:if it|whether it"
    r"|what to do|about him))"
    r"|不知道(?!.{0,4}(?:怎么办|该|是骗|他|她|要不要|能不能|为什么|对不对))|不晓得"
    r"|不清楚(?!.{0,3}(?:他|她|为什么))|不太清楚"
    r"|记不(?:清|得|住|起)|不记得|想不起来|忘了|忘记了?|不确定|不太确定|没注意|没印象|说不清"
    r"|说不准|不了解|说不上来?|说不出"
)

_STILL_THERE = _any(
    r"still (?:on|here|there|talking|speaking|connected|holding|listening|waiting)(?! (?:my"
    r"|his) mind)"
    r"|on the (?:phone|line|call)(?! (?:yesterday|earlier|ago|this|with (?:the |my )?(?:bank"
    r"|police|manager|account|boss|you)))"
    r"|(?:haven't|hasn't|have not|has not|didn't|did not|not) (?:yet )?(?:hung"
    r"|hang) up(?: yet)?|(?:he|she|they)(?:'s| is|'re| are) (?:still )?(?:on|listening)"
    r"|won't let me hang up|keeps? me on the (?:phone|line)|line is (?:still )?open",
    r"还在(?:线|线上|电话|打|通话|说|听|跟我|和我|等|那头|催)|还没(?:有)?挂|没(?:有)?挂(?:断"
    r"|电话|掉)?|(?:正在|在)(?:(?:跟|和)[^，。]{0,10})?[他她]?(?:通话|打电话|说话|讲电话)|通话中|不让我?挂"
    r"|不许我?挂|电话(?:还)?(?:通着|连着|开着)"
    r"|在线上",
)
_GONE = _any(
    r"hung up|hang up already|(?:ended|finished|dropped|cut) the call|call (?:is|has"
    r"|was) (?:over|ended|finished|cut)"
    r"|(?:not|no longer|isn't|aren't) on the (?:phone|line|call)|off the (?:phone|line)|(?:he"
    r"|she|they)(?:'s| is|'re| are| has| have)? (?:gone|left)"
    r"|line went dead|no longer (?:there|talking|on)|not (?:there )?any ?more|put the phone down",
    r"挂了|挂断|挂掉|已经挂|不在(?:线|电话)|没有?在(?:通话|打电话)|电话断了|断线|结束通话"
    r"|打完了|说完了|联系不上|不接|拉黑了?我?|消失了|关机",
)
_DENIED_HANG_UP = re.compile(
    r"(?:not|n't|never|no)(?: yet| even| have)?\s$|(?:还没有?|没有?|不让我?|不许我?|不敢|别"
    r"|不要|未|不能)$"
)


def channel_in(text: str) -> Channel | None:
    """Return the channel that a text says the payment went by; company e-banking before plain."""
    folded = _readable(text)
    found = _first(_CHANNELS, folded)
    if (
        found == "online"
        and _CHANNEL_BEFORE_COMPANY.search(folded)
        and account_in(text) == "company"
    ):
        return "corporate_online"
    return found


def account_in(text: str) -> Account | None:
    """Return whose account a text says the money left; an account it went *to* does not count."""
    return _first(_ACCOUNTS, _readable(text), but_after=_TOWARDS)


def arrival_in(text: str) -> Arrival | None:
    """Return the arrival mode that a text names; "he wants it immediately" names none."""
    return _first(_ARRIVALS, _readable(text))


def says_unknown(text: str) -> bool:
    """Tell whether a text says that its writer does not know what was asked."""
    return bool(_UNKNOWN.search(_readable(text)))


def caller_there(text: str) -> bool | None:
    """Tell whether a text says that the caller is still on the line; None if it does not say."""
    folded = _readable(text)
    for match in _GONE.finditer(folded):
        if not _DENIED_HANG_UP.search(folded[max(0, match.start() - 14) : match.start()]):
            return False
    for match in _STILL_THERE.finditer(folded):
        if not _DENIED.search(folded[max(0, match.start() - _LONGEST_DENIAL) : match.start()]):
            return True
    return None


def _readable(text: str) -> str:
    return without_masked(text, fold(text))


def _first(
    table: _Table[_Answer], folded: str, *, but_after: re.Pattern[str] | None = None
) -> _Answer | None:
    """Return the first entry of a table with a wording that the text has and does not deny."""
    for answer, wording in table:
        for match in wording.finditer(folded):
            before = folded[max(0, match.start() - _LONGEST_DENIAL) : match.start()]
            denied = _DENIED.search(before) or _INSTALLED.search(before)
            if not denied and not (but_after and but_after.search(before)):
                return answer
    return None
