#!/usr/bin/env bash
# Starts the whole system in Docker, waits until every service is healthy, and says where everything is. start.ps1 does the same step for step.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
Usage: ./start.sh [options]

  --producer      also start simulated users, after twenty minutes of their past, so that every table has rows at once
  --scale N       so many Spark workers (default: as many as run, at first 1)
  --down          stop and remove the containers; data stays
  --clean         the same, and delete the data: volumes and data/lake (asks first; --yes does not)
  --yes           do not ask
  --secure        with docker-compose.secure.yml: SASL/SCRAM for Kafka, TLS for Spark Connect
  --help

The first start builds the image and takes some minutes. START_TIMEOUT (seconds, 900) bounds the wait.
TEXT
}

producer=no scale='' action=up yes=no secure=no
while (($#)); do
  case $1 in
    --producer) producer=yes ;;
    --scale) scale=${2:-}; [[ $scale =~ ^[1-9][0-9]?$ ]] || { echo "start: --scale takes a number of workers from 1 to 99" >&2; exit 2; }; shift ;;
    --down) action=down ;;
    --clean) action=clean ;;
    --yes) yes=yes ;;
    --secure) secure=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "start: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

say() { printf '%s\n' "$*"; }
fail() { printf 'start: %s\n' "$1" >&2; shift; for line in "$@"; do printf '       %s\n' "$line" >&2; done; exit 1; }

# --- what the machine must have

command -v docker >/dev/null || fail "Docker is not installed." "See https://docs.docker.com/get-docker/, or run without Docker: npm start"
docker info >/dev/null 2>&1 || fail "the Docker engine does not answer." \
  "Start Docker Desktop, or: sudo systemctl start docker" "If it runs, may you use it? docker info"
if docker compose version >/dev/null 2>&1; then compose=(docker compose)
elif command -v docker-compose >/dev/null; then compose=(docker-compose)
else fail "Docker Compose is not installed." "Install the plugin docker-compose-plugin, or docker-compose 1.29."; fi
files=(-f docker-compose.yml)
if [[ $secure == yes ]]; then files+=(-f docker-compose.secure.yml); fi

# --- .env: from the example, with passwords of its own

random_text() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 40 || true; }
value_of() { sed -n "s/^$1=//p" .env | tail -1 | sed -e 's/^"\(.*\)"$/\1/' -e "s/^'\(.*\)'$/\1/"; }
secrets=(POSTGRES_PASSWORD POSTGRES_WRITER_PASSWORD POSTGRES_READER_PASSWORD DASHBOARD_TOKEN SPARK_CONNECT_AUTHENTICATE_TOKEN SPARK_CLUSTER_SECRET KAFKA_SASL_PASSWORD)

make_env() {
  if [[ ! -f .env ]]; then (umask 077; cp .env.example .env); say "made .env from .env.example, with passwords of its own"; fi
  local name
  for name in "${secrets[@]}"; do
    [[ -z $(value_of "$name") ]] || continue
    if grep -q "^$name=" .env; then sed -i.bak "s/^$name=.*/$name=$(random_text)/" .env && rm -f .env.bak
    else printf '%s=%s\n' "$name" "$(random_text)" >>.env; fi
  done
  chmod 600 .env
}

if [[ $action != up && ! -f .env ]]; then say "there is no .env: nothing was started here"; exit 0; fi
make_env
project=${COMPOSE_PROJECT_NAME:-$(value_of COMPOSE_PROJECT_NAME)}
export COMPOSE_PROJECT_NAME=${project:-sluice}
dc() { "${compose[@]}" "${files[@]}" "$@"; }
dc config -q || fail "the compose file or .env is not right; see above."

# service|number|state, one line per container of this project
containers() {
  docker ps -a --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" --filter 'label=com.docker.compose.oneoff=False' \
    --format '{{.Label "com.docker.compose.service"}}|{{.Label "com.docker.compose.container-number"}}|{{.Status}}' | sort
}

# --- down and clean

if [[ $action != up ]]; then
  # -v: the working folders of Spark go with their containers; volumes with a name stay.
  dc --profile producer stop
  dc --profile producer rm -fsv >/dev/null 2>&1 || true
  if [[ $action == clean ]]; then
    if [[ $yes != yes ]]; then
      read -r -p "Delete all data of $COMPOSE_PROJECT_NAME (Kafka, Postgres, checkpoints, data/lake)? [y/N] " answer
      [[ $answer == [yY]* ]] || { say "nothing was deleted"; exit 0; }
    fi
    # The files belong to the user inside the containers.
    dc run --rm --no-deps --user 1000:1000 --entrypoint sh volumes -c 'rm -rf /data/lake/* /data/lake/.[!.]*' >/dev/null 2>&1 || true
    dc --profile producer down -v --remove-orphans
    say "all data is deleted; .env stays"
  else
    dc --profile producer down --remove-orphans
    say "stopped; ./start.sh goes on where it was"
  fi
  exit 0
fi

# --- ports

if [[ -z $(containers | grep -i '|up' || true) ]]; then
  for name in KAFKA_PORT POSTGRES_PORT SPARK_CONNECT_PORT SPARK_UI_PORT SPARK_MASTER_UI_PORT DASHBOARD_PORT; do
    port=$(value_of "$name")
    [[ -n $port ]] || continue
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      fail "port $port is in use by another program." "Stop it, or set $name in .env to a free port." "Who it is: lsof -i :$port"
    fi
  done
fi
mkdir -p data/lake; if [[ $secure == yes ]]; then mkdir -p data/tls; fi

# --- up, and a table of services until all are healthy

log=$(mktemp)
trap 'rm -f "$log"' EXIT
begin=$SECONDS
shown=''

# Prints the table when it has changed; on a terminal over the last one.
show() {
  local table line count
  table=$(containers | while IFS='|' read -r service number status; do
    case $status in
      *'(healthy)'*) state='healthy' ;;
      *'(unhealthy)'*) state='UNHEALTHY' ;;
      *'health: starting'*) state='starting' ;;
      Up*) state='running' ;;
      'Exited (0)'*) state='done' ;;
      Created*) state='waiting' ;;
      Restarting*) state='restarting' ;;
      *) state=$status ;;
    esac
    printf '  %-18s %s\n' "$service-$number" "$state"
  done)
  [[ $table != "$shown" ]] || return 0
  if [[ -t 1 && -n $shown ]]; then
    count=$(printf '%s\n' "$shown" | wc -l)
    printf '\033[%dA\033[J' "$((count + 1))"
  fi
  printf 'services after %d s\n%s\n' "$((SECONDS - begin))" "$table"
  shown=$table
}

explain() { # service: the end of its log
  say "--- the last lines of $1 (more: ${compose[*]} logs $1)"
  dc logs --no-color --tail=25 "$1" 2>&1 | tail -25
}

# Services that should be healthy: all that have a health check.
waiting_for() { containers | grep -vE '\|(Up.*\(healthy\)|Exited \(0\))' | grep -vE '^producer\|.*\|Up' || true; }

bring_up() { # what to call in messages, then the arguments of `up`
  local label=$1; shift
  dc "$@" >"$log" 2>&1 &
  local pid=$! failed
  while :; do
    show
    failed=$(containers | grep -E '^(topics|volumes|certificates|kafka-users)\|.*\|Exited \([1-9]' | cut -d'|' -f1 | head -1 || true)
    if [[ -n $failed ]]; then kill "$pid" 2>/dev/null || true; explain "$failed"; fail "$failed did not succeed."; fi
    if ! kill -0 "$pid" 2>/dev/null; then
      if ! wait "$pid"; then
        tail -30 "$log" >&2
        failed=$(containers | grep -E 'unhealthy|Restarting|Exited \([1-9]' | cut -d'|' -f1 | head -1 || true)
        [[ -z $failed ]] || explain "$failed"
        if grep -qiE 'address already in use|port is already allocated' "$log"; then
          fail "a port was taken by another program meanwhile; its number stands above." "Set another one in .env (KAFKA_PORT, POSTGRES_PORT, SPARK_*_PORT, DASHBOARD_PORT)."
        fi
        fail "$label failed; the reason stands above." "Free memory and disk: docker system df; docker stats --no-stream"
      fi
      [[ -n $(waiting_for) ]] || break
    fi
    if ((SECONDS - begin > ${START_TIMEOUT:-900})); then
      failed=$(waiting_for | cut -d'|' -f1 | head -1)
      [[ -z $failed ]] || explain "$failed"
      fail "not everything was healthy after ${START_TIMEOUT:-900} s." "It goes on in the background; START_TIMEOUT=1800 ./start.sh waits longer."
    fi
    sleep 2
  done
  show
}

if [[ -z $(docker images -q "sluice:$(value_of SLUICE_IMAGE_TAG)") ]]; then say "building the image sluice; the first time takes some minutes"; fi
dc build volumes >"$log" 2>&1 || { tail -30 "$log" >&2; fail "the image could not be built; the reason stands above." "Is the network there? Are package registries reachable from a container?"; }
up=(up -d --remove-orphans)
if [[ -n $scale ]]; then up+=(--scale "spark-worker=$scale"); fi
bring_up "the start" "${up[@]}"
say "all services are healthy after $((SECONDS - begin)) s"

# --- simulated users

query() { dc exec -T postgres sh -c "psql -U \"\$POSTGRES_USER\" -d \"\$POSTGRES_DB\" -tAqc \"$1\"" 2>/dev/null | tr -d '\r'; }
rows() { query "SELECT (SELECT count(*) FROM page_view_counts) || ' ' || (SELECT count(*) FROM active_users) || ' ' || (SELECT count(*) FROM user_sessions)"; }

if [[ $producer == yes ]]; then
  if [[ $(query 'SELECT count(*) FROM page_view_counts') == 0 ]]; then
    say "sending the last twenty minutes of simulated users: 20,000 events"
    dc --profile producer run --rm --no-deps -T producer sluice produce --quiet --count 20000 >"$log" 2>&1 || { tail -20 "$log" >&2; fail "the simulated users failed."; }
  fi
  dc --profile producer up -d --no-deps producer >"$log" 2>&1 || { tail -20 "$log" >&2; fail "the producer did not start."; }
  while :; do
    read -r pages users sessions <<<"$(rows || true)" || true
    if [[ ${pages:-0} -gt 0 && ${users:-0} -gt 0 && ${sessions:-0} -gt 0 ]]; then break; fi
    ((SECONDS - begin < ${START_TIMEOUT:-900})) || { explain pipeline; fail "not every table had rows after ${START_TIMEOUT:-900} s."; }
    sleep 1
  done
  say "rows in every table after $((SECONDS - begin)) s: page_view_counts $pages, active_users $users, user_sessions $sessions"
fi

at() { printf '  %-16s %s\n' "$1" "$2"; }
say ''
at 'dashboard' "http://127.0.0.1:$(value_of DASHBOARD_PORT)   (password: DASHBOARD_TOKEN in .env)"
at 'Kafka' "127.0.0.1:$(value_of KAFKA_PORT)"
at 'Postgres' "postgresql://$(value_of POSTGRES_USER)@127.0.0.1:$(value_of POSTGRES_PORT)/$(value_of POSTGRES_DB)   (password: POSTGRES_PASSWORD in .env)"
at 'Spark Connect' "sc://127.0.0.1:$(value_of SPARK_CONNECT_PORT)   (token: SPARK_CONNECT_AUTHENTICATE_TOKEN in .env)"
at 'Spark, queries' "http://127.0.0.1:$(value_of SPARK_UI_PORT)"
at 'Spark, cluster' "http://127.0.0.1:$(value_of SPARK_MASTER_UI_PORT)"
at 'lake' "data/lake"
say ''
say "next: ${compose[*]} exec pipeline sluice status    ${compose[*]} exec pipeline sluice verify    ./start.sh --down"
