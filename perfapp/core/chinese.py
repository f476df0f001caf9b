"""Chinese numerals, dates and sizes as official prose writes them."""

from datetime import date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals: 1 is 一, 10 is 十, 21 is 二十一."""
    if not 1 <= number <= 99:
        raise ValueError(f"numeral is for 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def circled(number: int) -> str:
    """1 to 20 as ① to ⑳; above that the number in full-width parentheses."""
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"（{number}）"


def long_date(day: date) -> str:
    """2019年3月15日: Arabic numerals, no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def local_time(moment: datetime) -> datetime:
    """An aware moment on the clock of the office wall (UTC+8)."""
    return moment.astimezone(BEIJING)


def file_size(count: int) -> str:
    """Bytes as people read them: 512 B, 3.4 KB, 20.0 MB."""
    if count < 1024:
        return f"{count} B"
    if count < 1024**2:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024**2:.1f} MB"
