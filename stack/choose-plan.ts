/** From wishes to a plan: ports that are free now, passwords, tokens. */
import { randomBytes } from 'node:crypto';
import type { StackSettings } from '../config/settings.js';
import { PortChooser } from './ports.js';
import { choosePassword } from './postgres.js';
import type { StackPlan, StackPorts } from './state.js';

/** Settles everything that the settings leave open. */
export async function choosePlan(settings: StackSettings): Promise<StackPlan> {
  const chooser = new PortChooser();
  // One after another: each choice has to know of those before.
  const ports: StackPorts = {
    kafka: await chooser.choose(settings.kafka.port),
    kafkaController: await chooser.choose(0),
    postgres: await chooser.choose(settings.postgres.port),
    sparkConnect: await chooser.choose(settings.spark.connectPort),
    sparkUi: await chooser.choose(settings.spark.uiPort),
  };
  const { user, password } = settings.postgres;
  const cluster = settings.spark.cluster && {
    settings: settings.spark.cluster,
    masterPort: await chooser.choose(0),
    masterUiPort: await chooser.choose(0),
    secret: randomBytes(24).toString('base64url'),
  };
  return {
    settings,
    cluster,
    ports,
    postgresPassword: choosePassword(settings.stateDir, user, password),
    rolePasswords: { writer: randomBytes(18).toString('base64url'), reader: randomBytes(18).toString('base64url') },
    sparkToken: settings.spark.token ?? randomBytes(24).toString('base64url'),
  };
}
