ARG BASE
FROM ${BASE}
RUN groupadd -g 1000 temporal && useradd -u 1000 -g temporal -m temporal && rm -f /usr/bin/nc
COPY temporal-server /usr/local/bin/
COPY nc /usr/bin/nc
# The server's own; Debian's sh has no pipefail.
COPY entrypoint.sh /etc/temporal/entrypoint.sh
RUN chmod 755 /usr/bin/nc /usr/local/bin/temporal-server && sed -i '1s|.*|#!/bin/bash|' /etc/temporal/entrypoint.sh && chmod 755 /etc/temporal/entrypoint.sh
WORKDIR /etc/temporal
USER temporal
CMD ["/etc/temporal/entrypoint.sh"]
