/** The instant that an answer's Date header names; undefined without one, and for one that is no date. */
export function serverTimeOf(header: string | undefined): Date | undefined {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
