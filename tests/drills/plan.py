"""The plan: every drill in the order of the test plan, by the module and the name of what holds it.

Named and not imported: each is held in a process of its own, which loads no other.
"""

from tests.drills.drill import Drill

DRILLS = (
    Drill("1", "办理中途 kill -9", "kills.hold"),
    Drill("2", "断电", "power.hold", traced=True),
    Drill("2b", "换密码时断电", "passwords.hold", traced=True),
    Drill("3", "磁盘写不进", "io_errors.hold", traced=True),
    Drill("4", "提交失败", "suites.FAILED_COMMIT"),
    Drill("5", "随机单位", "suites.MONEY", long=True),
    Drill("6", "两个程序一本账", "instances.hold"),
    Drill("7", "打不开的坏文件", "hostile_files.malformed"),
    Drill("8", "随机改坏的名单", "mutated.hold"),
    Drill("9", "藏东西的表格", "suites.HIDING"),
    Drill("10", "磁盘翻位", "flips.hold"),
    Drill("11", "绕过程序改账", "suites.TAMPERING"),
    Drill("12", "边用边备份", "backups.hold"),
    Drill("13", "升级中途 kill -9", "migrations.hold"),
    Drill("14", "写文件时断电", "exports.hold", traced=True),
    Drill("15", "刁钻的企业名称", "hostile_names.names"),
    Drill("16", "像公式的文字", "hostile_names.cells"),
    Drill("17", "不能作文件名的名称", "hostile_files.names"),
    Drill("18", "时钟乱跳", "clocks.hold"),
    Drill("19", "登录", "suites.LOGIN"),
    Drill("20", "岗位与状态", "suites.MATRIX"),
    Drill("21", "源程序规则", "suites.RULES"),
    Drill("22", "较旧的和另一份账簿", "older.hold"),
    Drill("C31", "不联网", "sockets.hold"),
)


def drills(numbers: str) -> list[Drill]:
    """The drills of these numbers, joined by commas; all when there are none."""
    return [one for one in DRILLS if not numbers or one.number in numbers.split(",")]
