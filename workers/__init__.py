"""The Celery side: what runs outside a request, and when."""
