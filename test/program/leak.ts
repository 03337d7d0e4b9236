import type { Identity } from '../aws-simulator/sessions.ts';
import type { Snapshot } from './snapshot.ts';

/** What a run must not have let out, and all the places where it could have. */
export interface Exposure {
  readonly token: string | undefined;
  readonly sessions: readonly Identity[];
  readonly stdout: string;
  readonly stderr: string;
  /** The arguments of the program, as everybody on the machine can see them. */
  readonly argv: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Whether session keys were asked for in the env file. */
  readonly keysExported: boolean;
  /** Whether keys were asked for on stdout, and may be kept in the cache. */
  readonly keysPrinted?: boolean;
}

/**
 * Every place where a session's key or a good piece of the token stands that is not made for it, whatever the case of its letters; empty for
 * a run that keeps its secrets.
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
    // A login that is killed leaves the file that it was about to put in place, in the same directory and as closed.
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

/** Pieces of which every part of the secret of 32 characters or more holds one. */
function piecesOf(secret: string): string[] {
  const starts = Array.from(
    { length: Math.ceil(Math.max(1, secret.length - pieceLength + 1) / 8) },
    (_, index) => index * 8,
  );
  return starts.map((start) => secret.slice(start, start + pieceLength)).filter((piece) => piece.length >= 16);
}
