"""Forms of the register of seals."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.errors import Conflict
from perfapp.core.words import SEAL_KINDS
from perfapp.services.seal_register import LONGEST_NAME, Handed, keepers

_LONGEST_REASON = 1000


def _person(value: str) -> int | None:
    return int(value) if value else None


class VersionedForm(ChineseForm):
    """Of a page that shows one seal: it knows which version was before the person's eyes."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        text = self.version.data or ""
        if not text.isdigit() or len(text) > 9:
            raise Conflict("页面已经过期，请刷新后再办理。")
        return int(text)


class CertificateForm(VersionedForm):
    """A certificate for a seal: files, and under which name its key lies."""

    certificate = FileField("印章证书")
    issuers = MultipleFileField("上级证书（中级和根证书）")
    key_name = StringField("密钥代号", validators=[DataRequired("请填写密钥代号。")])

    @property
    def handed(self) -> Handed:
        given = [data.read() for data in self.issuers.data or [] if data and data.filename]
        leaf = self.certificate.data
        return Handed(leaf.read() if leaf else b"", given, (self.key_name.data or "").strip())


class _Described(VersionedForm):
    name = StringField(
        "印章名称",
        validators=[
            DataRequired("请填写印章名称。"),
            Length(max=LONGEST_NAME, message=f"印章名称最多 {LONGEST_NAME} 字。"),
        ],
    )
    keeper_id = SelectField("保管人", coerce=_person, validators=[Optional()])
    picture = FileField("印章图样")

    def offer_keepers(self, unit_id: int) -> None:
        """Let one of the unit's keepers be chosen."""
        known = [SelectChoice(str(person.id), person.name) for person in keepers(unit_id)]
        self.keeper_id.choices = [SelectChoice("", "暂不指定"), *known]

    @property
    def drawn(self) -> bytes:
        return self.picture.data.read() if self.picture.data else b""


class RegisterForm(_Described, CertificateForm):
    kind = SelectField(
        "种类",
        choices=[SelectChoice(kind.value, words) for kind, words in SEAL_KINDS.items()],
        validators=[InputRequired("请选择种类。")],
    )


class ChangeForm(_Described):
    reason = TextAreaField(
        "理由",
        validators=[
            DataRequired("请写明变更的理由。"),
            Length(max=_LONGEST_REASON, message=f"理由最多 {_LONGEST_REASON} 字。"),
        ],
    )


class DecideForm(VersionedForm):
    action = HiddenField()
    reason = TextAreaField("理由", validators=[Length(max=_LONGEST_REASON, message=f"理由最多 {_LONGEST_REASON} 字。")])
    password = PasswordField("再次输入您的登录密码")
