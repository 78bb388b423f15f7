ARG BASE
FROM ${BASE}
RUN groupadd -g 1000 temporal && useradd -u 1000 -g temporal -m temporal
WORKDIR /home/ui-server
COPY ui-server ./
COPY config ./config
COPY wget /usr/local/bin/wget
RUN chmod 755 /usr/local/bin/wget
USER temporal
EXPOSE 8080
ENTRYPOINT ["./ui-server", "--env", "docker", "start"]
