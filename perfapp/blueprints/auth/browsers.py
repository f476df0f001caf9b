"""What a browser says of itself, in the words people use for it."""

_BROWSERS = (
    ("Edg/", "Edge 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("MicroMessenger", "微信"),
    ("360SE", "360 浏览器"),
    ("Firefox/", "火狐浏览器"),
    ("Chrome/", "Chrome 浏览器"),
    ("Safari/", "Safari 浏览器"),
)
_SYSTEMS = (
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("UOS", "统信电脑"),
    ("Kylin", "麒麟电脑"),
    ("Linux", "Linux 电脑"),
)


def spoken(user_agent: str) -> str:
    """Chrome 浏览器 · Windows 电脑; the first name that fits, since each browser also claims to be its ancestors."""
    names = [next((name for sign, name in known if sign in user_agent), None) for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in names if name) or "其他程序"
