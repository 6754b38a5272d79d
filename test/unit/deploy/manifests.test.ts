/** The manifests of deploy/kubernetes, held against Kubernetes's own schemas and against config/, without a cluster. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { packageRoot } from '../../../config/package-root.js';
import { VARIABLES } from '../../../config/variables.js';
import { readProjectFile } from './compose-file.js';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly securityContext: unknown;
  readonly resources: { readonly requests: { readonly memory: string }; readonly limits: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly readinessProbe?: { readonly exec: { readonly command: readonly string[] } };
}

interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly securityContext: { readonly runAsNonRoot: boolean; readonly seccompProfile: { readonly type: string } };
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: Pod;
    };
  };
}

const FOLDER = 'deploy/kubernetes';
const require = createRequire(import.meta.url);
const files = readdirSync(join(packageRoot(), FOLDER)).filter((name) => name !== 'kustomization.yaml');
const manifests = files.flatMap((file) =>
  parseAllDocuments(readProjectFile(`${FOLDER}/${file}`)).map((document) => document.toJS() as Manifest),
);
const workloads = manifests.filter(({ spec }) => spec?.template !== undefined);
const pods = workloads.map(({ metadata, spec }) => ({ name: metadata.name, pod: spec?.template?.spec as Pod }));
const containers = pods.flatMap(({ pod }) => [...(pod.initContainers ?? []), ...pod.containers]);

/** Fields that the schema of the manifest's kind never looked at: it checks types, and takes what it does not know without a word. */
function validate(manifest: object): string[] {
  const { apiVersion, kind } = manifest as Manifest;
  const model = require(`kubernetes-models/${apiVersion}/${kind}`) as Record<
    string,
    new (
      data: object,
    ) => { validate(): void }
  >;
  const Model = model[kind];
  assert.ok(Model !== undefined, `there is no kind ${kind} in ${apiVersion}`);
  const unread: (() => string[])[] = [];
  const watch = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const read = new Set<string>();
    const watched = new Map<string, unknown>(
      Object.entries(value).map(([key, inner]) => [key, watch(inner, `${path}.${key}`)]),
    );
    unread.push(() =>
      Object.keys(value)
        .filter((key) => !read.has(key))
        .map((key) => `${path}.${key}`),
    );
    return new Proxy(value, {
      get(target, key) {
        if (typeof key === 'string') read.add(key);
        return typeof key === 'string' && watched.has(key) ? watched.get(key) : Reflect.get(target, key);
      },
    });
  };
  // Called for the manifest itself: the constructor would copy it, and by that look at everything.
  Model.prototype.validate.call(watch(manifest, kind));
  return unread.flatMap((list) => list());
}

test('every manifest is what Kubernetes knows under its kind, field by field', () => {
  for (const manifest of manifests)
    assert.deepEqual(validate(manifest), [], `${manifest.kind} ${manifest.metadata.name}`);
});

test('that check sees a wrong type, a missing field and a misspelt one', () => {
  const deployment = manifests.find(({ kind }) => kind === 'Deployment') ?? assert.fail('there is no Deployment');
  const withSpec = (change: object): object => ({ ...deployment, spec: { ...deployment.spec, ...change } });
  assert.throws(() => validate(withSpec({ replicas: 'two' })), /replicas must be integer/);
  assert.throws(() => validate(withSpec({ selector: undefined })), /selector/);
  assert.deepEqual(validate(withSpec({ replica: 2 })), ['Deployment.spec.replica']);
});

test('the list of kustomize names every file but the example of a secret, and the image that the manifests use', () => {
  const { resources, images } = parse(readProjectFile(`${FOLDER}/kustomization.yaml`)) as {
    resources: string[];
    images: { name: string }[];
  };
  assert.deepEqual([...resources, 'secret.example.yaml'].sort(), [...files].sort());
  assert.deepEqual(new Set(containers.map(({ image }) => image)), new Set(images.map(({ name }) => name)));
});

test('every pod is confined as the strictest standard of Kubernetes wants it', () => {
  for (const { name, pod } of pods) {
    assert.equal(pod.securityContext.runAsNonRoot, true, name);
    assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault', name);
    assert.equal(pod.automountServiceAccountToken, false, name);
    // Else Spark finds SPARK_MASTER_PORT=tcp://… in its environment and ends.
    assert.equal(pod.enableServiceLinks, false, name);
  }
  for (const { name, securityContext, resources } of containers) {
    const confined = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
    assert.deepEqual(securityContext, confined, name);
    assert.ok(resources.requests.memory && resources.limits.memory, name);
  }
});

test('roles, probes, volumes and claims are there', () => {
  const roles = [...readProjectFile('spark/entrypoint.sh').matchAll(/^ {2}([a-z-]+)\)/gm)].map(([, role]) => role);
  const claims = new Set(
    manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.name),
  );
  for (const { pod, name } of pods) {
    const volumes = new Set(pod.volumes.map((volume) => volume.name));
    for (const { persistentVolumeClaim } of pod.volumes)
      if (persistentVolumeClaim !== undefined)
        assert.ok(claims.has(persistentVolumeClaim.claimName), `${name}: ${persistentVolumeClaim.claimName}`);
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      assert.ok(roles.includes(container.args[0]), `${name}: ${container.args.join(' ')}`);
      for (const mount of container.volumeMounts) assert.ok(volumes.has(mount.name), `${name}: ${mount.name}`);
    }
    const probes = pod.containers.map(({ readinessProbe }) => readinessProbe?.exec.command.slice(1).join(' '));
    assert.deepEqual(probes, [`probe ${name}`]);
  }
});

test('every workload selects its own pods', () => {
  for (const { metadata, spec } of workloads)
    assert.deepEqual(spec?.selector?.matchLabels, spec?.template?.metadata.labels, metadata.name);
});

test('every setting is a variable of .env.example, and every secret that a pod takes is in the example', () => {
  const settings = manifests.find(({ kind }) => kind === 'ConfigMap')?.data ?? {};
  const secrets = manifests.find(({ kind }) => kind === 'Secret') ?? assert.fail('there is no Secret');
  const known = (name: string): boolean =>
    name in VARIABLES || /^SPARK_(MASTER_URL|MASTER_HOST|DRIVER_HOST)$/.test(name);
  for (const name of [...Object.keys(settings), ...Object.keys(secrets.stringData ?? {})]) assert.ok(known(name), name);
  const taken = containers.flatMap(({ env }) => env ?? []);
  for (const { name, valueFrom } of taken) {
    assert.ok(known(name), name);
    const reference = valueFrom?.secretKeyRef;
    if (reference === undefined) continue;
    assert.equal(reference.name, secrets.metadata.name);
    assert.ok(reference.key in (secrets.stringData ?? {}), reference.key);
  }
  // A secret never stands among the settings.
  for (const name of Object.keys(settings)) assert.ok(!/PASSWORD|SECRET|TOKEN|DATABASE_URL/.test(name), name);
});
