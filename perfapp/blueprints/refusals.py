"""Refusals as pages and as JSON: one sentence, and what can be done about it."""

import logging
import secrets

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from perfapp.blueprints.access import SignInNeeded
from perfapp.core.errors import Conflict, DomainError, Invalid, TooMany

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "这样访问不行",
    409: "内容已有变动",
    413: "文件太大",
    422: "填写的内容需要修改",
    429: "操作太频繁",
    500: "系统出错了",
}
SENTENCES = {
    400: "浏览器发来的内容不完整，请返回上一页刷新后再试。",
    404: "没有找到这个页面，可能已被移动，或者不属于您的单位和科室。",
    405: "请从页面上的按钮办理，不要直接打开这个地址。",
    413: "这次上传的内容超过限额（每个文件 20 MB），没有收下。请返回上一页分几次上传，或先压缩文件。",
}
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _refuse)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json" or request.method in {"PUT", "DELETE"}


def _refuse(error: DomainError) -> ResponseReturnValue:
    if wants_json():
        return {"message": error.message}, error.status
    if isinstance(error, SignInNeeded):
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.sign_in", next=here))
    if request.method == "POST" and isinstance(error, Conflict | Invalid | TooMany) and _came_from():
        # a refused button: back to the page it was on, with the sentence on top
        flash(error.message, "late")
        return redirect(_came_from() or "/", code=303)
    return _page(error.status, error.message)


def _came_from() -> str | None:
    """The page of ours that the form was on, as a local path; a page that answered a POST cannot be opened again."""
    referrer = request.referrer or ""
    if not referrer.startswith(request.host_url):
        return None
    path = "/" + referrer.removeprefix(request.host_url)
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return None
    return path


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    if wants_json() and not current_user.is_authenticated:
        return {"message": "登录已过期，请重新登录。"}, 401  # the token went with the session
    sentence = "页面打开太久，安全校验已过期。请刷新页面再办理，已填的内容请先复制。"
    return ({"message": sentence}, 400) if wants_json() else _page(400, sentence)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    sentence = SENTENCES.get(status, "请求没有办成，请返回上一页再试。")
    return ({"message": sentence}, status) if wants_json() else _page(status, sentence)


def _broken(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    log.exception("unexpected error %s on %s %s", number, request.method, request.path)
    sentence = (
        f"系统内部出错，已记入日志（编号 {number}）。您填写的内容没有提交，请稍后再试；仍不行请把编号告诉系统管理员。"
    )
    return ({"message": sentence}, 500) if wants_json() else _page(500, sentence)


def _page(status: int, text: str) -> ResponseReturnValue:
    page = render_template(
        "errors/error.html",
        status=status,
        title=TITLES.get(status, "没有办成"),
        text=text,
        action="回到首页",
        action_url="/",
    )
    return page, status
