"""What the columns of a list of people mean: guessed from their titles, then corrected.

A role is one of ROLES, ``attribute:CODE`` for something the organization knows already,
``attribute`` for something new that is named after the column, or "" to leave it out.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from surveys.definition import Text

ROLES: Mapping[str, Text] = {
    "key": Text("number", "编号"),
    "email": Text("e-mail", "电子邮箱"),
    "name": Text("name", "姓名"),
    "phone": Text("phone", "电话"),
    "language": Text("language", "语言"),
    "unit_path": Text("unit (name or path)", "部门（名称或路径）"),
    "unit_code": Text("code of the unit", "部门代码"),
    "parent_code": Text("code of the unit above", "上级部门代码"),
    "unit_name": Text("name of the unit", "部门名称"),
}
ATTRIBUTE = "attribute"

_TITLES: Mapping[str, str] = {
    "key": "number no id staffnumber staffno staffid employeenumber employeeno employeeid"
    " personnelnumber personnelno personid customernumber customerno customerid userid"
    " membernumber memberid participantid 编号 工号 员工编号 员工号 人员编号 职工号 客户编号"
    " 客户号 会员号 学号 序列号",
    "email": "email mail emailaddress mailaddress workemail businessemail 邮箱 邮件 电子邮件"
    " 电子邮箱 邮箱地址 邮件地址 电子邮件地址 工作邮箱 企业邮箱 公司邮箱",
    "name": "name fullname displayname employeename staffname customername contactname"
    " person 姓名 名字 员工姓名 客户姓名 联系人 称呼",
    "phone": "phone phonenumber mobile mobilephone mobilenumber cell cellphone telephone"
    " tel 电话 手机 手机号 手机号码 电话号码 联系电话 移动电话",
    "language": "language lang preferredlanguage locale 语言 首选语言 语种 偏好语言",
    "unit_path": "unit unitpath path team department dept departmentpath division"
    " organizationunit orgunit orgpath organization group 单位 部门 团队 组织 班组 科室"
    " 部门路径 组织路径 所属部门 所在部门 所属单位 组织单位",
    "unit_code": "unitcode unitid teamcode teamid departmentcode departmentid deptcode"
    " deptid orgcode orgunitcode orgid costcenter costcentre 单位代码 单位编码 部门代码"
    " 部门编码 部门编号 单位编号 组织代码 组织编码 成本中心",
    "parent_code": "parentcode parentid parentunit parentunitcode parentdepartment"
    " parentdepartmentcode parentdepartmentid parentteam superiorunit unitabove"
    " 上级代码 上级单位 上级部门 上级单位代码 上级部门代码 上级部门编码 上级编码 父级代码"
    " 上级组织 上级组织代码",
    "unit_name": "unitname teamname departmentname deptname orgname orgunitname 单位名称"
    " 部门名称 团队名称 组织名称",
}
_ROLE_OF = {title: role for role, titles in _TITLES.items() for title in titles.split()}
_BETWEEN = re.compile(r"[\W_]+")
_NOT_CODE = re.compile(r"[^a-z0-9]+")


def plain(title: str) -> str:
    """A title without case, spaces, marks and full-width forms."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", title).casefold())


def guess(header: Sequence[str], known: Mapping[str, Sequence[str]]) -> list[str]:
    """A role for every column; `known` has titles of attributes by their codes."""
    attributes = {
        plain(title): code
        for code, titles in known.items()
        for title in (code, *titles)
    }
    roles: list[str] = []
    for title in header:
        role = _ROLE_OF.get(plain(title), "")
        if not role or role in roles:
            code = attributes.get(plain(title))
            role = f"{ATTRIBUTE}:{code}" if code else ""
        roles.append("" if role in roles else role)
    return _consistent(roles)


def _consistent(roles: list[str]) -> list[str]:
    """With codes of units, a column of names is what the units are called."""
    if "unit_code" in roles:
        name = "" if "unit_name" in roles else "unit_name"
        return [name if role == "unit_path" else role for role in roles]
    alone = {"unit_name": "unit_path", "parent_code": ""}
    if "unit_path" in roles:
        alone["unit_name"] = ""
    return [alone.get(role, role) for role in roles]


def problem_of(roles: Sequence[str], header: Sequence[str]) -> str:
    """Code of what is wrong with a choice of roles; empty where nothing is."""
    used = [role for role in roles if role and role != ATTRIBUTE]
    if len(set(used)) < len(used):
        return "twice"
    codes = [
        attribute_code(t) for r, t in zip(roles, header, strict=True) if r == ATTRIBUTE
    ]
    codes += [role.partition(":")[2] for role in used if role.startswith("attribute:")]
    if len(set(codes)) < len(codes):
        return "twice"
    if "key" not in used and "email" not in used:
        return "nobody"
    if "unit_path" in used and "unit_code" in used:
        return "two_units"
    if "unit_code" not in used and {"parent_code", "unit_name"} & set(used):
        return "no_unit_code"
    return ""


def attribute_code(title: str) -> str:
    """Code of a new attribute: Latin letters of its title, else a digest of it."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    code = _NOT_CODE.sub("-", folded).strip("-")[:50].strip("-")
    whole = code and all(c.isascii() or unicodedata.combining(c) for c in folded)
    if whole:
        return code
    return "a-" + hashlib.sha256(plain(title).encode()).hexdigest()[:12]
