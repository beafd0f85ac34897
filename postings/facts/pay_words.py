"""The words around an amount: from, up to, bonus, per task, base pay, in the languages of the boards."""

from __future__ import annotations

import re

OPEN = re.compile(
    r"\+(?!\w)|\s?(?:及?以上|起|이상|and\sup\b|or\smore\b|upwards\b|から|[~〜～]\s?(?:要相談|応相談|ご?相談|[(※]|$))",
    re.IGNORECASE,
)
CAPPED = re.compile(r"\s?(?:以下|以内|以內|이하|まで)")
ONLY_HIGH = re.compile(
    r"(?:\bup\sto|\bupto|\bbis(?:\szu)?|\bmax(?:imum|imal)?\.?|höchstens|最高|上限|可[达達]|高[达達]|上看|不超[过過]|jusqu'à|\bhasta|\baté)"
    r"(?:\s?(?:ca\.|约|約|可[达達]|of|salary))?[\s:]{0,3}$",
    re.IGNORECASE,
)
ONLY_LOW = re.compile(
    r"(?:\bfrom|\bab|\bstarting\sat|\bstarts\sat|\bat\sleast|\bmin(?:imum|destens|\.)?|mind\.|mindest(?:gehalt|lohn|entgelt)[^.;\d]{0,40}|起薪|保底|不低[于於]|至少|最低"
    r"|\bdesde|\bà\spartir\sde|\ba\spartir\sde|over)(?:\s?(?:salary|pay|of|von|薪[资資]|工资))?[\s:]{0,3}$",
    re.IGNORECASE,
)
PIECE = re.compile(
    r"\s?(?:/|per|a|an|for\seach|pro|每|每?一)\s?(?:task|label|image|article|word|piece|item|hit|annotation|project|page|post|video"
    r"|referral|user|employee|person|customer|auftrag|stück|bild|artikel|条|條|单|單|件|张|張|题|題|篇|次|人|个|個|位)"
    r"|\s?元?/(?:条|條|单|單|件|张|張|题|題|篇|次|人|个|個|位)",
    re.IGNORECASE,
)
# Money beside the base, and money that is not the employee's at all.
_SIDE = (
    r"bonus(?:es)?|stipends?|allowances?|sign[\s-]?on|signing|welcome|relocation|equity|RSUs?|stock|options|commissions?|OTE|on[\s-]target"
    r"|total\s(?:cash|comp(?:ensation)?|package|target|rewards)|reimburse\w*|budget|insurance|funding|funded|raised|revenue|ARR|valuation|assets"
    r"|costs?|savings|prizes?|awards?|401|pension|coverage|set-?up|credits?"
    r"|\w{0,20}(?:zuschuss|zuschüsse|zulagen?|pauschalen?|prämien?|boni|sonderzahlung)|provision(?:en)?|leistungen|gutschein|\w{0,12}card|urlaubsgeld"
    r"|weihnachtsgeld|gesamtvergütung|zielgehalt|zieleinkommen|umsatz"
)
_SIDE_HAN = (
    "补贴|補貼|津贴|津貼|奖金|獎金|奖励|獎勵|提成|年终|年終|股票|期权|期權|全勤|车贴|饭贴|餐补|餐補|房补|补助|補助|补偿|加给|加給|加薪|奖学金|推荐费"
    "|绩效|績效|融资|融資|营收|營收|预算|預算|保险|保險|礼金|禮金|红包|业绩|業績|工龄|多领|多|餐"
)
_STOP = r"base|salar|wage|pay\b|gehalt|and\b|plus\b|with\b|薪[资資]|底薪|月薪|工资|[.;,•|+\d]"
SIDE_BEFORE = re.compile(
    rf"(?:\b(?:{_SIDE})\w{{0,3}}(?:(?!{_STOP}).){{0,28}}|(?:{_SIDE_HAN})[^\d，,。；;、薪]{{0,6}})[(\s]{{0,2}}$",
    re.IGNORECASE,
)
SIDE_AFTER = re.compile(
    rf"[\s]?(?:(?:/|per|a|an|pro)\s?\w{{1,8}}\s)?(?:(?!and\b|plus\b|with\b|base\b|or\b|to\b|as\b|in\sbase|inkl|zzgl|und\b)[\w/&-]{{1,30}}\s){{0,3}}"
    rf"\(?(?:{_SIDE})\b(?!\s?:)|(?:元|/[月年天日人次]|每[月天年]){{0,2}}[^\d，,。；;、+()\sA-Za-z]{{0,4}}(?:{_SIDE_HAN})",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"\band\b|\bplus\b|\bund\b|[,.;:+|•。；)]")
PAY_WORD = re.compile(
    r"(?:薪[资資酬金水]|[月年日时時起底]薪|工资|工資|待遇|年包|月入|收入|年収|月給|時給|日給|年俸|時間単価)[^\d。；;,、+]{0,14}$"
)
PAY_AFTER = re.compile(r"\s?[~〜]\s?[要応]相談|\s?(?:以上)?(?:的)?(?:无责任?|無責任?|保底)?底薪")
PAY_LABEL = re.compile(r"\b(?:base|salary|pay|compensation|gehalt|range)\b[^\d.;]{0,16}$", re.IGNORECASE)
YEARLY_WORD = re.compile(r"\b(?:salary|base|pay|compensation)\b", re.IGNORECASE)
COUNTED = re.compile(r"\s?[人个個次條条名家台张件倍]|\+?\s?(?:[A-Za-z]{3,}|%)")
AS_CHINESE = re.compile(r"\s?(?:[(、。·•・*x×,/|+~-]|[以起左到至元税每年月薪及]|\d{2}\s?薪|$|\s)", re.IGNORECASE)
