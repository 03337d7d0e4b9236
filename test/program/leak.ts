import type { Identity } from '../aws-simulator/sessions.ts';
import type { Snapshot } from './snapshot.ts';

/** The secrets of a run, and all places where it could leak them. */
export interface Exposure {
  readonly token: string | undefined;
  readonly sessions: readonly Identity[];
  readonly stdout: string;
  readonly stderr: string;
  /** The program's arguments, which everyone on the machine can see. */
  readonly argv: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Whether the env file is allowed to contain session keys. */
  readonly keysExported: boolean;
  /** Whether stdout and the cache are allowed to contain session keys. */
  readonly keysPrinted?: boolean;
}

/**
 * Returns each place that contains a session key or a long piece of the token but is not meant for
 * it, ignoring case; empty for a run without leaks.
 */
export function leaksOf(exposure: Exposure): readonly string[] {
  const { token, sessions, stdout, stderr, argv, before, after, keysExported, keysPrinted } = exposure;
  const secrets = {
    token: token === undefined ? [] : piecesOf(token),
    key: sessions.flatMap(({ accessKeyId, secretAccessKey, session }) => [
      accessKeyId,
      ...[secretAccessKey, session?.token ?? ''].flatMap((key) => [key, encodeURIComponent(key)].flatMap(piecesOf)),
    ]),
  };
  // A login stores its session for a profile that asks this program for keys.
  const keysStored = [...after.values()].some(({ content }) => /credential_process = .* credentials --/.test(content));
  const places: (readonly [name: string, text: string, allowed?: keyof typeof secrets])[] = [
    keysPrinted ? ['stdout', stdout, 'key'] : ['stdout', stdout],
    ['stderr', stderr],
    ['argv', argv],
  ];
  for (const [path, { content }] of after) {
    if (before.get(path)?.content === content) continue;
    places.push([`the name ${path}`, path]);
    // A killed login leaves its unfinished file in the same directory, with the same mode.
    if (/\/jobs\/[^/]+\/(token|\.token\.sem-aws-login-[0-9a-f]{16})$/.test(path)) places.push([path, content, 'token']);
    else if (
      (keysPrinted || keysStored) &&
      /\/jobs\/[^/]+\/(credentials\.json|\.credentials\.json\.sem-aws-login-[0-9a-f]{16})$/.test(path)
    )
      places.push([path, content, 'key']);
    else if (keysExported && /\/jobs\/[^/]+\/env(\.ps1)?$/.test(path)) places.push([path, content, 'key']);
    else places.push([path, content]);
  }
  const kinds = ['token', 'key'] as const;
  return places.flatMap(([name, text, allowed]) => {
    const lower = text.toLowerCase();
    const found = kinds.filter(
      (kind) => kind !== allowed && secrets[kind].some((piece) => lower.includes(piece.toLowerCase())),
    );
    return found.map((kind) => `${name} holds the ${kind}`);
  });
}

const pieceLength = 24;

/** Returns pieces of a secret: each part of 32 or more of its characters contains one. */
function piecesOf(secret: string): string[] {
  const starts = Array.from(
    { length: Math.ceil(Math.max(1, secret.length - pieceLength + 1) / 8) },
    (_, index) => index * 8,
  );
  return starts.map((start) => secret.slice(start, start + pieceLength)).filter((piece) => piece.length >= 16);
}
