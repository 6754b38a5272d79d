#!/usr/bin/env bash
# What a container of the image does, by its first word: spark-master, spark-worker, spark-connect, or sluice with its arguments.
# Secrets come by the environment and end in files of /tmp that only this user reads: never in arguments, which `ps` shows to everybody.
set -euo pipefail
root=/opt/sluice
umask 022

die() { echo "entrypoint: $*" >&2; exit 2; }

# A file of settings for --properties-file: those of spark/conf, the common secret, and the lines given.
settings_file() {
  local file=/tmp/spark.conf
  : "${SPARK_CLUSTER_SECRET:?is the secret that master, workers and driver share; ./start.sh puts one into .env}"
  (umask 077; { cat "$root/spark/conf/cluster.conf"; echo "spark.authenticate.secret $SPARK_CLUSTER_SECRET"; printf '%s\n' "$@"; } >"$file")
  echo "$file"
}

# The JDBC driver of driver and executors reads the password here; the URLs in Spark's plans have none.
password_file() {
  [[ -n ${DATABASE_URL:-} ]] || return 0
  export PGPASSFILE=/tmp/pgpass
  (umask 077; node -e '
    const { hostname, port, username, password } = new URL(process.env.DATABASE_URL);
    const field = (text) => decodeURIComponent(text).replace(/[\\:]/g, "\\$&");
    console.log([hostname, port || "5432", "*", field(username), field(password)].join(":"));
  ' >"$PGPASSFILE")
}

# Kafka's clients inside Spark log in by this file: so a plan names the broker's mechanism, and no password.
login_file() {
  [[ -n ${KAFKA_SASL_USERNAME:-} && ${KAFKA_SECURITY_PROTOCOL:-PLAINTEXT} == SASL_* ]] || return 0
  kafka_login=/tmp/kafka-jaas.conf
  local quoted=${KAFKA_SASL_PASSWORD//\\/\\\\} module=scram.ScramLoginModule
  [[ ${KAFKA_SASL_MECHANISM:-} == PLAIN ]] && module=plain.PlainLoginModule
  (umask 077; cat >"$kafka_login" <<JAAS
KafkaClient {
  org.apache.kafka.common.security.$module required
  username="${KAFKA_SASL_USERNAME//\"/\\\"}"
  password="${quoted//\"/\\\"}";
};
JAAS
  )
}

java_command() { # memory, then the class and its arguments
  local memory=$1; shift
  exec java "@$root/spark/conf/java-options" "-Xmx$memory" -Djava.io.tmpdir=/tmp \
    "-Dlog4j2.configurationFile=$root/spark/conf/log4j2.properties" \
    ${kafka_login:+"-Djava.security.auth.login.config=$kafka_login"} -cp "$root/jars/*" "$@"
}

role=${1:-sluice}
shift || true
case $role in
  spark-master)
    conf=$(settings_file "spark.deploy.recoveryDirectory /spark-master")
    java_command 256m org.apache.spark.deploy.master.Master --host "${SPARK_MASTER_HOST:-$(hostname)}" --port 7077 --webui-port 8080 \
      --properties-file "$conf"
    ;;
  spark-worker)
    password_file; login_file
    conf=$(settings_file)
    export SPARK_LOCAL_DIRS=/work/local
    mkdir -p /work/local /work/apps
    java_command 256m org.apache.spark.deploy.worker.Worker --host "$(hostname -i | cut -d' ' -f1)" --webui-port 8081 --work-dir /work/apps \
      --cores "${SPARK_WORKER_CORES:-2}" --memory "${SPARK_EXECUTOR_MEMORY:-1g}" --properties-file "$conf" \
      "${SPARK_MASTER_URL:?such as spark://spark-master:7077}"
    ;;
  spark-connect)
    : "${SPARK_CONNECT_AUTHENTICATE_TOKEN:?is the token that clients show; ./start.sh puts one into .env}"
    password_file; login_file
    # With TLS the server itself stays on loopback, and what decrypts stands before it.
    connect_address=0.0.0.0
    if [[ -n ${SPARK_CONNECT_TLS_CERTIFICATE:-} ]]; then connect_address=127.0.0.1; fi
    executor_options="-Dlog4j2.configurationFile=$root/spark/conf/log4j2.properties -Duser.timezone=UTC -Dfile.encoding=UTF-8 -XX:-UsePerfData"
    conf=$(settings_file "$(cat "$root/spark/conf/spark-defaults.conf")" \
      "spark.app.name sluice" \
      "spark.driver.host ${SPARK_DRIVER_HOST:-$(hostname)}" \
      "spark.driver.bindAddress 0.0.0.0" \
      "spark.connect.grpc.binding.address $connect_address" \
      "spark.connect.grpc.binding.port 15002" \
      "spark.ui.port 4040" \
      "spark.executor.memory ${SPARK_EXECUTOR_MEMORY:-1g}" \
      "spark.executor.extraJavaOptions $executor_options${kafka_login:+ -Djava.security.auth.login.config=$kafka_login}" \
      "spark.sql.shuffle.partitions ${SHUFFLE_PARTITIONS:-4}" \
      "spark.sql.warehouse.dir /work/warehouse")
    export SPARK_LOCAL_DIRS=/work/local
    mkdir -p /work/local
    if [[ -n ${SPARK_CONNECT_TLS_CERTIFICATE:-} ]]; then
      (while true; do node "$root/spark/tls-front.mjs" "$SPARK_CONNECT_TLS_CERTIFICATE" "${SPARK_CONNECT_TLS_KEY:?}" 15002 || true; sleep 1; done) &
    fi
    cd /work # Spark Connect keeps uploaded artifacts under its working directory.
    java_command "${SPARK_DRIVER_MEMORY:-2g}" org.apache.spark.deploy.SparkSubmit --master "${SPARK_MASTER_URL:?such as spark://spark-master:7077}" \
      --properties-file "$conf" --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal
    ;;
  probe) exec node "$root/dist/cli/probe.js" "$@" ;;
  sluice) exec node "$root/cli/sluice.js" "$@" ;;
  -*) die "unknown option $role: say spark-master, spark-worker, spark-connect, or sluice and its arguments" ;;
  *) exec "$role" "$@" ;;
esac
