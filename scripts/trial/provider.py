"""An OpenID Connect provider over TLS, for the trial and the tests: oidc-provider-mock, where programs have to be registered.

`python -m trial.provider CERTIFICATE KEY [PORT]` prints its port and serves on 127.0.0.1 until its standard input ends.
"""

import sys
import threading

import oidc_provider_mock
from werkzeug.serving import make_server


def main() -> None:
    certificate, key, *port = sys.argv[1:]
    application = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    server = make_server(
        "127.0.0.1", int(port[0]) if port else 0, application, threaded=True, ssl_context=(certificate, key)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
