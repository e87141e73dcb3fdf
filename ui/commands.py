"""The verbs of the program: one table for the menu bar, shortcuts, tool buttons and context menus."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

MENUS = (
    ("file", "文件(&F)"),
    ("edit", "编辑(&E)"),
    ("view", "查看(&V)"),
    ("tools", "工具(&T)"),
    ("account", "账户(&A)"),
    ("help", "帮助(&H)"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """A verb with its place in the menu bar. `keys` as Qt writes them."""

    id: str
    menu: str
    text: str
    icon: str = ""
    keys: str = ""


class Place(Enum):
    """Where a page wants a verb besides its menu: as a button over the page, or as the one that stands
    out.
    """

    MENU = "menu"
    TOOL = "tool"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True)
class Act:
    """What a verb does just now. A verb of `COMMANDS` needs no text and icon, a page's own verb needs both.

    `keys` are those of a page's own verb; ask `keys_of` for any. A disabled act says in `why` what is needed first; it is the tip of its button.
    """

    id: str
    run: Callable[[], None]
    text: str = ""
    icon: str = ""
    enabled: bool = True
    place: Place = Place.MENU
    why: str = ""
    keys: str = ""


SEPARATOR = "-"
COMMANDS: tuple[Command, ...] = (
    Command("new_book", "file", "新建账簿…", "book"),
    Command("open_book", "file", "打开账簿…", "folder", "Ctrl+O"),
    Command("sample_book", "file", "打开示例账簿"),
    Command(SEPARATOR, "file", ""),
    Command("import", "file", "导入名单…", "import", "Ctrl+I"),
    Command("export", "file", "导出…", "export", "Ctrl+E"),
    Command("print", "file", "打印…", "print", "Ctrl+P"),
    Command("save_list", "file", "列表存为 PDF…"),
    Command(SEPARATOR, "file", ""),
    Command("backup", "file", "备份账簿…", "backup"),
    Command("restore", "file", "从备份恢复…"),
    Command(SEPARATOR, "file", ""),
    Command("encrypt", "file", "加密账簿…", "lock"),
    Command("recovery", "file", "恢复码…"),
    Command("renew_code", "file", "更换恢复码…"),
    Command(SEPARATOR, "file", ""),
    Command("quit", "file", "退出", "", "Ctrl+Q"),
    Command("undo", "edit", "撤销", "undo", "Ctrl+Z"),
    Command("redo", "edit", "重做", "redo", "Ctrl+Y"),
    Command(SEPARATOR, "edit", ""),
    Command("new", "edit", "新建…", "add", "Ctrl+N"),
    Command("edit", "edit", "修改…", "edit", "F2"),
    Command("save", "edit", "保存", "save", "Ctrl+S"),
    Command("delete", "edit", "删除…", "delete", "Del"),
    Command(SEPARATOR, "edit", ""),
    Command("copy", "edit", "复制", "copy", "Ctrl+C"),
    Command("paste", "edit", "粘贴", "", "Ctrl+V"),
    Command("find", "edit", "查找", "search", "Ctrl+F"),
    Command("refresh", "view", "刷新", "refresh", "F5"),
    Command("columns", "view", "显示的列…", "columns"),
    Command("detail", "view", "显示或隐藏明细", "", "F4"),
    Command("history", "tools", "修改记录…", "history"),
    Command("check", "tools", "检查账簿", "checklist"),
    Command("check_paper", "tools", "核对文书校验码…", "search"),
    Command("compare", "tools", "核对另一份账簿…"),
    Command("person", "account", "更换操作人…", "person"),
    Command("change_password", "account", "修改密码…"),
    Command("lock", "account", "锁定", "lock", "Ctrl+Shift+L"),
    Command("page_help", "help", "本页帮助", "help", "F1"),
    Command("help_index", "help", "帮助目录"),
    Command(SEPARATOR, "help", ""),
    Command("open_log", "help", "打开日志所在文件夹", "folder"),
    Command("about", "help", "关于本程序"),
)
BY_ID = {command.id: command for command in COMMANDS if command.id != SEPARATOR}


def text_of(act: Act) -> str:
    """What to call an act on a button or in a menu."""
    return act.text or BY_ID[act.id].text


def icon_of(act: Act) -> str:
    """The icon of an act; empty when it has none."""
    return act.icon or (BY_ID[act.id].icon if act.id in BY_ID else "")


def keys_of(act: Act) -> str:
    """The shortcut of an act as Qt writes it; empty when it has none."""
    return BY_ID[act.id].keys if act.id in BY_ID else act.keys
