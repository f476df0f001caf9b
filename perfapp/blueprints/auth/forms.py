"""Forms of signing in and of one's own account."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from perfapp.blueprints.chinese_form import ChineseForm


class SignInForm(ChineseForm):
    login = StringField(
        "登录名", validators=[DataRequired("请输入登录名。"), Length(max=60, message="登录名最多 60 个字符。")]
    )
    password = PasswordField(
        "密码", validators=[DataRequired("请输入密码。"), Length(max=200, message="密码最多 200 个字符。")]
    )
    next = HiddenField()


class PasswordForm(ChineseForm):
    current = PasswordField(
        "当前密码", validators=[DataRequired("请输入当前密码。"), Length(max=200, message="密码最多 200 个字符。")]
    )
    new = PasswordField(
        "新密码", validators=[DataRequired("请输入新密码。"), Length(max=200, message="密码最多 200 个字符。")]
    )
    again = PasswordField(
        "再输一次新密码", validators=[DataRequired("请再输一次新密码。"), EqualTo("new", "两次输入的新密码不一致。")]
    )
