/** From wishes to a plan: ports that are free now, passwords, tokens; another plan if a port is not free any more when it is used. */
import { randomBytes } from 'node:crypto';
import type { StackSettings } from '../config/settings.js';
import { isPortFree, PortChooser } from './ports.js';
import { choosePassword } from './postgres.js';
import { StackError } from './stack-error.js';
import type { StackPlan, StackPorts } from './state.js';

/** Between the choice of a port and its use another program can take it, such as a second stack that starts at the same moment. */
const PORT_CHOICES_MAX = 3;

/** What the services' logs end with then; whoever had the port may have given it back before anybody looks. */
const PORT_TAKEN = /java\.net\.BindException|Address already in use/;

/**
 * Starts by a plan, and by another one when a port of the first was lost meanwhile.
 * @param start leaves nothing running when it fails
 * @param onLost before it is started again
 * @throws what `start` throws of anything else, or of the last plan
 */
export async function startByPlan<T>(
  settings: StackSettings,
  start: (plan: StackPlan) => Promise<T>,
  onLost: () => void = () => {},
): Promise<T> {
  for (let choice = 1; ; choice++) {
    const plan = await choosePlan(settings);
    try {
      return await start(plan);
    } catch (error) {
      const mayBeLost = error instanceof StackError && error.kind === 'not_started' && choice < PORT_CHOICES_MAX;
      if (!mayBeLost || !(PORT_TAKEN.test(error.message) || (await hasLostPort(plan.ports)))) throw error;
      onLost();
    }
  }
}

/** Whether a port that was free when it was chosen is not, now that nothing of ours runs. */
async function hasLostPort(ports: StackPorts): Promise<boolean> {
  const areFree = await Promise.all(Object.values(ports).map(isPortFree));
  return areFree.includes(false);
}

/** Settles everything that the settings leave open. */
async function choosePlan(settings: StackSettings): Promise<StackPlan> {
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
