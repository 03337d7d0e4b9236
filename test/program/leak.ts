import type { Identity } from '../sts/sessions.ts';
import type { Snapshot } from './snapshot.ts';

/** What a run must not have let out, and all the places where it could have. */
export interface Exposure {
  readonly token: string | undefined;
  readonly sessions: readonly Identity[];
  readonly stdout: string;
  readonly stderr: string;
  /** The arguments of the program and of every process that it started. */
  readonly argv: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Whether session keys were asked for in the env file. */
  readonly keysExported: boolean;
}

/** Every place where the token, one of its parts or a session's key stands that is not made for it; empty for a run that keeps its secrets. */
export function leaksOf(exposure: Exposure): readonly string[] {
  const { token, sessions, stdout, stderr, argv, before, after, keysExported } = exposure;
  const tokenSecrets = token === undefined ? [] : token.split('.').filter((part) => part.length > 8);
  const keys = sessions.flatMap(({ accessKeyId, secretAccessKey, session }) => [
    accessKeyId,
    ...[secretAccessKey, session?.token ?? ''].flatMap((key) => [key, encodeURIComponent(key)]),
  ]);
  const secrets = [...new Set([...tokenSecrets, ...keys])].filter((secret) => secret !== '');
  const places: (readonly [name: string, text: string, allowed: readonly string[]])[] = [
    ['stdout', stdout, []],
    ['stderr', stderr, []],
    ['argv', argv, []],
  ];
  for (const [path, { content }] of after) {
    if (before.get(path)?.content === content) continue;
    const isToken = /\/jobs\/[^/]+\/token$/.test(path);
    const isEnvFile = /\/jobs\/[^/]+\/env(\.ps1)?$/.test(path);
    places.push([path, `${path}\n${content}`, isToken ? tokenSecrets : isEnvFile && keysExported ? keys : []]);
  }
  return places.flatMap(([name, text, allowed]) =>
    secrets
      .filter((secret) => text.includes(secret) && !allowed.includes(secret))
      .map((secret) => `${name}: ${tokenSecrets.includes(secret) ? 'the token' : 'a key of the session'}`),
  );
}
