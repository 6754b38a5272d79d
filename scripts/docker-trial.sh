#!/usr/bin/env bash
# Everything that docs/deployment.md says of the containers, tried on this machine's Docker engine: start to first rows, verification, three
# workers, the crash of every service while events flow, down and up again, sizes, secrets and root processes. Exits with 0 if all of it holds.
#
#   scripts/docker-trial.sh [--secure] [--keep]
#
# --secure tries docker-compose.secure.yml as well; --keep leaves everything running. TRIAL_CRASHES names the services that crash (all by default),
# TRIAL_RATE the events per second of the simulated users (100), TRIAL_WORKER_CORES the cores of a worker (1), TRIAL_DIR where it works.
#
# It works in a project of its own (sluice-trial) on ports of its own, with a copy of the project's files; an .env here is not touched.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
keep=no secure=()
for option in "$@"; do
  case $option in
    --keep) keep=yes ;;
    --secure) secure=(--secure) ;;
    *) echo "docker-trial: unknown option $option" >&2; exit 2 ;;
  esac
done
crashes=${TRIAL_CRASHES-spark-worker spark-connect kafka postgres pipeline spark-master dashboard}
work=${TRIAL_DIR:-$(mktemp -d)}
(cd "$here" && tar -c --exclude=./node_modules --exclude=./dist --exclude=./.git --exclude=./.cache --exclude=./.sluice --exclude=./data --exclude=./.env .) \
  | tar -x -C "$work"
cd "$work"
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
files=(-f docker-compose.yml); [[ ${#secure[@]} == 0 ]] || files+=(-f docker-compose.secure.yml)
dc() { "${compose[@]}" "${files[@]}" --profile producer "$@"; }

sed -e 's/^COMPOSE_PROJECT_NAME=.*/COMPOSE_PROJECT_NAME=sluice-trial/' -e 's/^KAFKA_PORT=.*/KAFKA_PORT=31092/' \
  -e 's/^POSTGRES_PORT=.*/POSTGRES_PORT=31432/' -e 's/^SPARK_CONNECT_PORT=.*/SPARK_CONNECT_PORT=31002/' -e 's/^SPARK_UI_PORT=.*/SPARK_UI_PORT=31040/' \
  -e 's/^SPARK_MASTER_UI_PORT=.*/SPARK_MASTER_UI_PORT=31080/' -e 's/^DASHBOARD_PORT=.*/DASHBOARD_PORT=31050/' -e "s/^PRODUCER_RATE=.*/PRODUCER_RATE=${TRIAL_RATE:-100}/" \
  -e "s/^SPARK_WORKER_CORES=.*/SPARK_WORKER_CORES=${TRIAL_WORKER_CORES:-1}/" .env.example >.env
chmod 600 .env

cleanup() {
  [[ $keep == yes ]] && { echo "kept in $work"; return; }
  ./start.sh "${secure[@]}" --clean --yes >/dev/null 2>&1 || true
  cd /; rm -rf "$work" 2>/dev/null || true
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; begin=$SECONDS; }
took() { printf '   %s: %d s\n' "$1" "$((SECONDS - begin))"; }
broken() { echo "BROKEN: $*" >&2; dc ps >&2 || true; dc logs --no-color --tail=40 pipeline >&2 || true; exit 1; }
until_true() { # seconds, what, command…
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do ((SECONDS < deadline)) || broken "waited in vain for $what"; sleep 1; done
}
ids() { docker ps -q --filter label=com.docker.compose.project=sluice-trial --filter "label=com.docker.compose.service=$1" --filter 'label=com.docker.compose.oneoff=False'; }
health() { docker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1"; }
healthy() { local id; [[ $(ids "$1" | wc -l) -ge ${2:-1} ]] && for id in $(ids "$1"); do [[ $(health "$id") == healthy ]] || return 1; done; }
query() { dc exec -T postgres sh -c "psql -U \"\$POSTGRES_USER\" -d \"\$POSTGRES_DB\" -tAqc \"$1\"" | tr -d '\r'; }
batches() { query "SELECT count(*) FROM sluice.ledger WHERE rows > 0"; }
moves() { [[ $(batches) -gt $1 ]]; }
# Verifies while events flow: what the ledger lists is compared.
verified() { dc exec -T pipeline sluice verify >verify.log 2>&1 || { tail -40 verify.log; broken "verify says no"; }; grep -E 'in |verdict|holds|checks' verify.log | tail -3 || true; took "verified, exit 0"; }

step "start: ./start.sh --producer"
./start.sh "${secure[@]}" --producer | grep -vE '^( |services)' || broken "./start.sh"
took "healthy, and rows in every table"
verified

step "dashboard"
page=http://127.0.0.1:31050
token=$(sed -n 's/^DASHBOARD_TOKEN=//p' .env)
[[ $(curl -s -o /dev/null -w '%{http_code}' "$page/") == 401 ]] || broken "the dashboard asks for no password"
ask() { curl -fsS -K - "$page$1" <<<"user = \"sluice:$token\""; }
ask / | grep -q '<title>' || broken "the dashboard has no page"
shown() { ask /metrics | grep -qE '^sluice_query_running\{.*query="events".*\} 1$'; }
until_true 60 "the dashboard to show that the queries run" shown
took "asks for the password, shows the queries running"

if [[ ${#secure[@]} != 0 ]]; then
  step "login and TLS"
  # Without the login Kafka does not answer, and without the authority the client does not trust.
  if dc exec -T -e KAFKA_SECURITY_PROTOCOL=PLAINTEXT pipeline timeout 60 sluice produce --quiet --count 1 >refused.log 2>&1; then broken "Kafka takes records without a login"; fi
  if dc exec -T -e KAFKA_SASL_PASSWORD=wrong pipeline timeout 60 sluice produce --quiet --count 1 >refused.log 2>&1; then broken "Kafka takes a wrong password"; fi
  dc exec -T pipeline node -e '
    const tls = require("node:tls");
    const ca = require("node:fs").readFileSync("/tls/ca.crt");
    const open = (options) => new Promise((done) => { const s = tls.connect({ host: "spark-connect", port: 15002, servername: "spark-connect", ALPNProtocols: ["h2"], ...options },
      () => { done(s.getProtocol() + " " + s.alpnProtocol); s.destroy(); }); s.on("error", (error) => done(error.code)); });
    open({ ca }).then(async (yes) => { const no = await open({}); console.log("   with the authority: " + yes + "; without: " + no); process.exit(yes.endsWith("h2") && no.startsWith("UNABLE") || no.startsWith("SELF_SIGNED") ? 0 : 1); });
  ' || broken "TLS before Spark Connect"
fi

step "three workers"
dc up -d --no-recreate --scale spark-worker=3 >/dev/null 2>&1
until_true 180 "three healthy workers" healthy spark-worker 3
took "three workers are healthy"
alive=$(dc exec -T spark-master node -e 'fetch("http://127.0.0.1:8080/json/").then(r=>r.json()).then(s=>console.log(s.aliveworkers, s.activeapps[0].cores))')
echo "   the master has $alive (workers, cores of the application)"
[[ $alive == 3* ]] || broken "the master does not know three workers"

# An engine takes `docker kill` for a stop by hand and restarts nothing; a crash is a process that dies. So its process is killed, from outside.
for service in $crashes; do
  step "crash of $service"
  id=$(ids "$service" | head -1)
  restarts=$(docker inspect -f '{{.RestartCount}}' "$id")
  kill -9 "$(docker inspect -f '{{.State.Pid}}' "$id")"
  until_true 60 "the engine to restart $service" bash -c "[[ \$(docker inspect -f '{{.RestartCount}}' $id) -gt $restarts ]]"
  until_true 300 "$service to be healthy" healthy "$service"
  until_true 300 "the pipeline to be healthy" healthy pipeline
  took "healthy again"
  before=$(batches)
  until_true 300 "new batches" moves "$before"
  took "new batches in the ledger"
  [[ $service == spark-worker || $service == kafka || $service == spark-master ]] || verified
done
verified

step "down and up again"
rows=$(query "SELECT count(*) FROM page_view_counts")
epoch=$(query "SELECT max(epoch) FROM sluice.fence")
./start.sh "${secure[@]}" --down >/dev/null 2>&1
[[ -z $(docker ps -aq --filter label=com.docker.compose.project=sluice-trial) ]] || broken "containers are left after --down"
took "down"
./start.sh "${secure[@]}" --producer | grep -vE '^( |services)' || broken "./start.sh after --down"
took "up again"
[[ $(query "SELECT count(*) FROM page_view_counts") -ge $rows ]] || broken "rows are missing"
[[ $(query "SELECT max(epoch) FROM sluice.fence") -gt $epoch ]] || broken "nobody has taken the pipeline over"
before=$(batches)
until_true 300 "new batches" moves "$before"
verified

# Into processes.log. The engine needs the pid among the columns; a list that cannot be had is no sign that all is well.
processes() { docker top "$1" -eo "$2" >processes.log && [[ $(wc -l <processes.log) -ge 2 ]] || broken "the processes of $1 cannot be listed"; }

step "image"
docker images --format '   {{.Repository}}:{{.Tag}} {{.Size}}' | grep -E 'sluice|kafka|postgres|debian' || true
# Secrets: no value of .env in any layer's file or in the image's history and settings.
container=$(docker create sluice:local true)
docker export "$container" | tar -x -C "$(mkdir -p image && echo image)" opt/sluice etc home tmp 2>/dev/null || true
docker rm "$container" >/dev/null
secrets=0
for name in POSTGRES_PASSWORD POSTGRES_WRITER_PASSWORD POSTGRES_READER_PASSWORD DASHBOARD_TOKEN SPARK_CONNECT_AUTHENTICATE_TOKEN SPARK_CLUSTER_SECRET; do
  value=$(sed -n "s/^$name=//p" .env)
  [[ ${#value} -ge 20 ]] || broken "$name is not set"
  if grep -rqF -- "$value" image || { docker history --no-trunc sluice:local; docker inspect sluice:local; } | grep -qF -- "$value"; then secrets=$((secrets + 1)); fi
  # Nor in the arguments of any process.
  for id in $(docker ps -q --filter label=com.docker.compose.project=sluice-trial); do
    processes "$id" pid,args
    if grep -qF -- "$value" processes.log; then secrets=$((secrets + 1)); echo "   $name is in the arguments of a process of $id"; fi
  done
done
find image \( -name '.env' -o -name '*.pem' -path '*/opt/*' -o -name 'id_*' -o -name '.npmrc' -o -name 'settings.xml' \) | grep . && broken "files that may hold secrets are in the image" || true
[[ $secrets == 0 ]] || broken "$secrets secrets are where they should not be"
echo "   secrets in the image or in arguments: none"
roots=0
for id in $(docker ps -q --filter label=com.docker.compose.project=sluice-trial); do
  # docker-init, the reaper, runs as the container's user too.
  processes "$id" pid,uid,args
  if grep -E '^ *[0-9]+ +0 ' processes.log; then roots=$((roots + 1)); fi
  docker inspect -f '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$id" | grep -q 'true \[ALL\] \[no-new-privileges' \
    || broken "$id is not confined"
done
[[ $roots == 0 ]] || broken "$roots containers run something as root"
echo "   processes as root: none; every file system read-only, every capability dropped"
open=$(docker ps --filter label=com.docker.compose.project=sluice-trial --format '{{.Ports}}' | tr ',' '\n' | grep -e '->' | grep -v '127.0.0.1:' || true)
[[ -z $open ]] || broken "ports beyond 127.0.0.1: $open"
echo "   published ports: on 127.0.0.1 only"

printf '\nall of it holds, after %d s\n' "$SECONDS"
