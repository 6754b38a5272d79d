/** The settings of a small stack of one's own, on whatever ports are free. */
export const ANY_PORTS = {
  KAFKA_PORT: '0',
  POSTGRES_PORT: '0',
  SPARK_CONNECT_PORT: '0',
  SPARK_UI_PORT: '0',
  SPARK_DRIVER_MEMORY: '1g',
} as const;
