import { pipeline, type Readable, Transform } from 'node:stream';

/**
 * The same bytes, but an error, and an end of the connection, as soon as there are more than `most`: an answer that never ends would
 * otherwise take all the memory of the machine before its time is up.
 */
export function boundedBody(body: Readable, most: number): Readable {
  let length = 0;
  const bound = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      length += chunk.length;
      if (length > most) done(new Error(`the answer has more than ${most} bytes`));
      else done(null, chunk);
    },
  });
  // Whoever reads the result hears of every error; here there is nothing left to do about one.
  return pipeline(body, bound, () => {});
}
