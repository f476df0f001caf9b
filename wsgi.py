"""The web application, as gunicorn and `flask --app wsgi` find it."""

import os

from perfapp.app import create_app
from perfapp.config import Settings

app = create_app(Settings.from_env(os.environ))
