"""Builds the web application."""

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from perfapp import cli
from perfapp.blueprints import access, headers, identity, incoming, page, refusals
from perfapp.blueprints.admin.routes import blueprint as admin
from perfapp.blueprints.auth.routes import blueprint as auth
from perfapp.blueprints.bureau.routes import blueprint as bureau
from perfapp.blueprints.charts.routes import blueprint as charts
from perfapp.blueprints.checking.routes import blueprint as checking
from perfapp.blueprints.checkpoints.routes import blueprint as checkpoints
from perfapp.blueprints.comparing.routes import blueprint as comparing
from perfapp.blueprints.cycles.routes import blueprint as cycles
from perfapp.blueprints.desk.routes import blueprint as desk
from perfapp.blueprints.disclosing.routes import blueprint as disclosing
from perfapp.blueprints.documents.routes import blueprint as documents
from perfapp.blueprints.drafting.routes import blueprint as drafting
from perfapp.blueprints.figures.routes import blueprint as figures
from perfapp.blueprints.findings.routes import blueprint as findings
from perfapp.blueprints.importing.routes import blueprint as importing
from perfapp.blueprints.ledgers.routes import blueprint as ledgers
from perfapp.blueprints.measures.routes import blueprint as measures
from perfapp.blueprints.messages.routes import blueprint as messages
from perfapp.blueprints.opening.routes import blueprint as opening
from perfapp.blueprints.paper.routes import blueprint as paper
from perfapp.blueprints.passing.routes import blueprint as passing
from perfapp.blueprints.public.routes import blueprint as public
from perfapp.blueprints.remarks.routes import blueprint as remarks
from perfapp.blueprints.reuse.routes import blueprint as reuse
from perfapp.blueprints.review.routes import blueprint as review
from perfapp.blueprints.scoring.routes import blueprint as scoring
from perfapp.blueprints.sealing.routes import blueprint as sealing
from perfapp.blueprints.seals.routes import blueprint as seals
from perfapp.blueprints.standards.routes import blueprint as standards
from perfapp.blueprints.tracking.routes import blueprint as tracking
from perfapp.config import Settings
from perfapp.data import models
from perfapp.extensions import csrf, db, keep_settings, migrate
from perfapp.sending import sender

MAX_REQUEST_BYTES = incoming.FILE_BYTES + 1024 * 1024


def create_app(settings: Settings) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.is_sqlite},
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-perfapp-form" if settings.secure_cookies else "perfapp_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: slow typists lose nothing
        WTF_CSRF_SSL_STRICT=False,  # behind a proxy the referrer may be trimmed; the token is what counts
    )
    if settings.public_url:  # behind the proxy that this address belongs to, and only there
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    keep_settings(app, settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    migrate.init_app(app, db, metadatas=models.Table.metadata, directory="migrations")
    app.before_request(incoming.allow_several_files)  # before the form is read for its token
    csrf.init_app(app)
    sender.configure(settings.redis_url)
    for part in (incoming, identity, headers, page, refusals, cli):
        part.init_app(app)
    for area in (
        auth,
        desk,
        checking,
        findings,
        cycles,
        drafting,
        remarks,
        comparing,
        review,
        passing,
        reuse,
        documents,
        sealing,
        seals,
        figures,
        importing,
        ledgers,
        checkpoints,
        scoring,
        standards,
        tracking,
        charts,
        admin,
        messages,
        paper,
        public,
        bureau,
        disclosing,
        measures,
        opening,
    ):
        app.register_blueprint(area)
    access.check(app)
    return app
