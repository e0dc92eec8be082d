"""Compose projects as honest people write them, in many styles; each must be read, and as Compose itself reads it."""

from pathlib import Path

BASES = ("postgres:17", "mysql:8.4", "nginx:1.28", "redis:8", "python:3.13-slim")

# What is handed in beside the Compose file, in every case.
FILES = {
    "Dockerfile": "FROM python:3.13-slim\n",
    "app.py": "print('hello')\n",
    "web/Dockerfile": "FROM python:3.13-slim\n",
    "web/prod.Dockerfile": "FROM python:3.13-slim\n",
    "docker/app.Dockerfile": "FROM python:3.13-slim\n",
    "db/init.sql": "create table posts (id int);\n",
    "nginx/default.conf": "server { listen 80; }\n",
    "secrets/db_password.txt": "kettle42\n",
    "web.env": "# the app's\nexport FLASK_ENV=production\nSECRET_KEY='a$b'\nGREETING=\"hi there\"\nEMPTY=\n",
    "db.env": "POSTGRES_USER=blog\nPOSTGRES_PASSWORD=blog # for now\nPOSTGRES_DB=blog\n",
}

BLOG = """\
services:
  web:
    build: .
    ports:
      - "8000:8000"
    environment:
      DATABASE_URL: postgresql://blog:blog@db:5432/blog
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: blog
    volumes:
      - db-data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U postgres"]
      interval: 5s
      timeout: 3s
      retries: 10
      start_period: 1m30s
volumes:
  db-data:
"""

# A name, and the Compose file, or all files that differ from those above.
HONEST: dict[str, str | dict[str, str]] = {
    "one service": "services:\n  web:\n    build: .\n",
    "blog": BLOG,
    "old header": f'version: "3.8"\nname: blog\n{BLOG}',
    "with a byte order mark and Windows line ends": "\ufeff" + BLOG.replace("\n", "\r\n"),
    "document start and end": f"---\n# The blog\n{BLOG}...\n",
    "as JSON": '{"services": {"web": {"build": ".", "ports": ["8000:8000"], "environment": ["A=1"]}}}',
    "flow style": "services: {web: {build: ., ports: ['80:8000', 9000], init: true}}\n",
    "environment as a list": """\
services:
  web:
    build: .
    environment:
      - DEBUG=1
      - EMPTY=
      - URL=postgresql://u:p@db/x?sslmode=disable
      - QUOTED="kept"
      - FROM_NOWHERE
""",
    "environment as a mapping": """\
services:
  web:
    build: .
    environment:
      DEBUG: 1
      PORT: 8000
      RATE: 1.50
      ON: true
      OFF: False
      YES: yes
      ZIP: 01234
      QUOTED_ZIP: "01234"
      BIG: 1_000_000
      HEX: 0x1F
      NOTHING:
      BLANK: ""
      TIME: 12:30
      LONG: >-
        two
        words
      PEM: |
        line one
        line two
""",
    "env files": """\
services:
  web:
    build: .
    env_file: web.env
    environment:
      GREETING: hello
  db:
    image: postgres:17
    env_file:
      - ./db.env
      - path: web.env
        required: true
      - path: ./none.env
        required: false
    environment: [POSTGRES_DB]
""",
    "variables": {
        ".env": "TAG=17\nexport PORT=8080\nNAME='my $blog'\nURL=\"http://${HOST:-localhost}:$PORT\"\n# done\n",
        "compose.yaml": """\
services:
  web:
    build:
      context: .
      args:
        PORT: ${PORT}
    ports: ["${PORT}:8000", "127.0.0.1:${ADMIN_PORT:-9000}:9000"]
    environment:
      NAME: $NAME
      URL: ${URL:?set the URL}
      LEVEL: ${LEVEL-info}
      DEBUG: ${DEBUG:+on}
      TAG: v${TAG:+-${TAG}}
      PRICE: $$5
      NESTED: ${A:-${B:-c}}
      DOLLAR: a$
      MISSING: x${MISSING}y
  db:
    image: postgres:${TAG}
""",
    },
    "ports": """\
services:
  web:
    build: .
    ports:
      - 80
      - "8000"
      - "8080:80"
      - 8443:443
      - 22:22
      - "127.0.0.1:8001:8001"
      - "127.0.0.1::8002"
      - "9000-9002:9000-9002"
      - "7000-7005:7000"
      - "3000-3001"
      - "6060:6060/udp"
      - "[::1]:5000:5000"
      - target: 5432
        published: "5433"
        host_ip: 127.0.0.1
        protocol: tcp
        mode: host
      - target: 81
        published: 8081
      - target: 82
    expose:
      - "5000"
      - 5001
""",
    "volumes, short": """\
services:
  web:
    build: .
    volumes:
      - .:/app
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf:ro
      - data:/data
      - shared:/shared:ro
      - /app/node_modules
      - ./uploads:/uploads
      - ./db:/sql:ro,z
volumes:
  data:
  shared: {}
""",
    "volumes, long": """\
services:
  web:
    build: .
    volumes:
      - type: bind
        source: ./nginx/default.conf
        target: /etc/nginx/conf.d/default.conf
        read_only: true
      - type: volume
        source: data
        target: /data
        volume:
          nocopy: true
      - type: bind
        source: uploads
        target: /uploads
        bind:
          create_host_path: true
      - type: tmpfs
        target: /run/app
        tmpfs:
          size: 1000000
      - type: volume
        target: /anonymous
volumes:
  data:
    driver: local
    labels: {keep: "yes"}
""",
    "commands": """\
services:
  shell:
    build: .
    command: sh -c "flask db upgrade && exec gunicorn -b 0.0.0.0:8000 'app:app'"
  cut:
    build: .
    command: flask db upgrade && gunicorn app:app
  words:
    build: .
    command: ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
    entrypoint: ["/usr/bin/env", "PORT=$$PORT"]
  folded:
    build: .
    command: >
      gunicorn
      --bind 0.0.0.0:8000
      app:app
  block:
    build: .
    command: |
      python -c '
      print("two lines")
      '
  emptied:
    build: .
    command: []
    entrypoint: ""
  escaped:
    build: .
    command: echo a\\ b "c\\"d" 'e f' $$HOME
  none:
    build: .
    command:
""",
    "health checks": """\
services:
  text:
    build: .
    healthcheck:
      test: curl -f http://localhost:8000/ || exit 1
  words:
    build: .
    healthcheck:
      test: ["CMD", "python", "-c", "print('$$x')"]
      interval: 500ms
      timeout: 1.5s
      retries: "30"
      start_period: 1m
      start_interval: 1s
  shell:
    build: .
    healthcheck: {test: [CMD-SHELL, "true"], disable: false}
  off:
    build: .
    healthcheck:
      disable: true
  none:
    build: .
    healthcheck:
      test: ["NONE"]
""",
    "depends_on as a list": """\
services:
  web:
    build: .
    depends_on: [db, cache]
  db:
    image: postgres:17
  cache:
    image: redis:8
""",
    "depends_on with conditions": """\
services:
  web:
    build: .
    depends_on:
      db: {condition: service_healthy, restart: true}
      migrate:
        condition: service_completed_successfully
      cache:
        condition: service_started
        required: false
  migrate:
    build: .
    command: flask db upgrade
    depends_on:
      db:
        condition: service_healthy
  db:
    image: postgres:17
    healthcheck:
      test: pg_isready
  cache:
    image: redis:8
    profiles: [extra]
""",
    "networks": """\
services:
  proxy:
    image: nginx:1.28
    ports: ["80:80"]
    networks: [front]
  web:
    build: .
    networks:
      front:
        aliases: [app, application]
      back:
  db:
    image: docker.io/library/postgres:17
    networks:
      - back
  alone:
    image: redis:8
    networks: [default, back]
networks:
  front:
    driver: bridge
  back:
    internal: true
""",
    "anchors and merges": """\
x-app: &app
  build: .
  environment: &environment
    DATABASE_URL: postgresql://db/blog
    LEVEL: info
  restart: unless-stopped
x-logging: &logging
  logging:
    driver: json-file
    options: {max-size: 10m}
services:
  web:
    <<: [*app, *logging]
    ports: ["8000:8000"]
    environment:
      <<: *environment
      LEVEL: debug
  worker:
    <<: *app
    command: python worker.py
  db:
    image: postgres:17
    x-note: ours
""",
    "profiles": """\
services:
  web:
    build: .
  tests:
    build: .
    profiles: [test]
    command: pytest
    depends_on: [web]
  admin:
    image: postgres:17
    profiles: ["debug", "admin"]
""",
    "profiles that .env turns on": {
        ".env": "COMPOSE_PROFILES=debug,other\n",
        "compose.yaml": """\
services:
  web:
    build: .
    depends_on: [db]
  db:
    image: postgres:17
    profiles: [debug]
  never:
    image: postgres:17
    profiles: [never]
""",
    },
    "secrets and configs": """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db_password
    secrets:
      - db_password
      - source: db_password
        target: other
        mode: 0440
    configs:
      - source: site
        target: /etc/site.conf
      - inline
secrets:
  db_password:
    file: ./secrets/db_password.txt
configs:
  site:
    file: nginx/default.conf
  inline:
    content: |
      level = info
""",
    "a secret from .env": {
        ".env": "DB_PASSWORD=kettle\n",
        "compose.yaml": """\
services:
  db:
    image: postgres:17
    secrets: [password]
secrets:
  password:
    environment: DB_PASSWORD
""",
    },
    "builds": """\
services:
  short:
    build: ./web
  trailing:
    build: web/
  long:
    build:
      context: web
      dockerfile: prod.Dockerfile
      target: final
      args:
        - VERSION=1
        - DEBUG=
      tags: ["blog:1"]
  outside:
    build:
      context: ./web
      dockerfile: ../docker/app.Dockerfile
  named:
    build:
      dockerfile: docker/app.Dockerfile
      context: .
      args: {VERSION: 1.10}
    image: blog:latest
  shared:
    image: blog
    command: python worker.py
""",
    "how a process runs": """\
services:
  web:
    build: .
    init: true
    user: "1000:1000"
    working_dir: /srv/app
    read_only: true
    tmpfs:
      - /tmp
      - /run:size=10m,mode=1777
    stop_signal: SIGINT
    stop_grace_period: 1m30s
    hostname: web-host
    container_name: blog_web
    restart: on-failure:3
    stdin_open: true
    tty: true
    platform: linux/amd64
    pull_policy: build
    labels:
      traefik.rule: Host(`a.example`)
    logging:
      driver: json-file
  db:
    image: postgres:17
    tmpfs: /var/lib/postgresql
    restart: "no"
    shm_size: 128mb
    mem_limit: 512m
    cpus: 0.5
    ulimits: {nofile: 1024}
    cap_drop: [ALL]
    cap_add: [CHOWN, SETUID, SETGID]
    security_opt: ["no-new-privileges:true"]
""",
    "deploy and develop": """\
services:
  web:
    build: .
    privileged: false
    deploy:
      replicas: 1
      resources:
        limits: {cpus: "0.5", memory: 256M}
    develop:
      watch:
        - {path: ., action: sync, target: /app}
""",
    "links": """\
services:
  web:
    build: .
    links:
      - db
      - db:database
  db:
    image: postgres:17
""",
    "mysql": """\
services:
  db:
    image: "mysql:8.4"
    command: --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci
    environment:
      - MYSQL_RANDOM_ROOT_PASSWORD=yes
      - MYSQL_DATABASE=blog
    healthcheck:
      test: mysqladmin ping -h 127.0.0.1 -u root --password=$$MYSQL_ROOT_PASSWORD
      retries: 20
    volumes:
      - "db:/var/lib/mysql"
      - "./db/init.sql:/docker-entrypoint-initdb.d/init.sql:ro"
volumes: {db: null}
""",
    "nginx in front": """\
services:
  nginx:
    image: index.docker.io/library/nginx:1.28
    ports:
      - 80:80
    volumes:
      - ./nginx/default.conf:/etc/nginx/conf.d/default.conf:ro
    depends_on:
      - web
  web:
    build: ./web
    expose: ["8000"]
    environment: {FORWARDED_ALLOW_IPS: "*"}
""",
    "tabs between words": """\
services:
  web:
    build:\t.
    init: true\t
    user: "5" \t# nobody's
    command\t: [\t"a",\t"b"\t]
    ports: ["80:80"]
""",
    "JSON with tabs": '{\n\t"services": {\n\t\t"web": {\n\t\t\t"build":\t"."\n\t\t}\n\t}\n}\n',
    "two mounts at one place": """\
services:
  web:
    build: .
    volumes: ["./web:/a", "./db:/b", "./nginx/:/a/"]
    expose: [80, "80"]
""",
    "an unstarted service that needs nobody knows whom": """\
services:
  web:
    build: .
  tests:
    build: .
    profiles: [test]
    depends_on: [nobody]
""",
    "names with signs": """\
services:
  my_web.app-1:
    build: .
    depends_on: [DB]
    volumes: ["my.data_1-x:/data"]
  DB:
    image: postgres:17
volumes:
  my.data_1-x:
""",
    "a single indented item at the key's own level": """\
services:
    web:
        build: .
        ports:
        - "8000:8000"
        environment:
        - A=b # a remark
        -   B=c
""",
}


def hand_in(folder: Path, case: str | dict[str, str]) -> Path:
    """Lay a case's files out in a folder; returns it."""
    files = FILES | ({"compose.yaml": case} if isinstance(case, str) else case)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder
