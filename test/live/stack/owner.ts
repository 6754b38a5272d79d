/** A command that owns a stack: starts it, says so, and waits to be killed. Run by guardian.test.ts. */
import { readSettings } from '../../../config/settings.js';
import { startStack } from '../../../stack/index.js';

const settings = readSettings();
await startStack(settings.stack, (line) => console.log(line), { isOwned: true });
console.log('ready');
setInterval(() => {}, 1000);
