/** Reads a compose file as docker-compose does, as far as this project's files go: merge keys, and `${NAME:-default}` filled in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../../config/package-root.js';

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly network_mode?: string;
  readonly mem_limit?: string;
  readonly cpus?: string | number;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly env_file?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

export function readProjectFile(name: string): string {
  return readFileSync(join(packageRoot(), name), 'utf8');
}

/** @param env what `.env` would say; a variable that must have a value gets its own name where it has none. */
export function readCompose(name: string, env: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readProjectFile(name).replace(/\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g, (_, variable: string, kind, rest) => {
    const value = env[variable] ?? '';
    if (value !== '') return value;
    return kind === ':-' ? rest : variable;
  });
  return parse(text, { merge: true }) as ComposeFile;
}

/** Every `${NAME…}` of the file, with its default where it has one. `$$` is a dollar of the shell inside. */
export function interpolations(
  name: string,
): readonly { readonly variable: string; readonly fallback: string | undefined }[] {
  return [...readProjectFile(name).matchAll(/(?<!\$)\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g)].map(
    ([, variable = '', kind, rest]) => ({ variable, fallback: kind === ':-' ? rest : undefined }),
  );
}
