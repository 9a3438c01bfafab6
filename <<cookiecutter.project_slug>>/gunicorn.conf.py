"""How gunicorn serves this project: threads for calls that wait, workers for cores.

Every setting can be given on the command line instead; `gunicorn --help` explains them.
"""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# A worker takes no more callers than it can serve, so a killed one loses few.
worker_connections = 8
timeout = 30
graceful_timeout = 25
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 4096
control_socket_disable = True
# The path of a webhook may hold its token: calls are logged by the application instead.
accesslog = None
