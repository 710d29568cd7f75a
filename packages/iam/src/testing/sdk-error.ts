/** What an error of the SDK has at least, for `rejects.toMatchObject`. */
export interface SdkError {
  readonly name: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number };
}

/** The error of a name and a status. */
export const sdkError = (name: string, httpStatusCode: number): SdkError => ({
  name,
  $fault: httpStatusCode < 500 ? 'client' : 'server',
  $metadata: { httpStatusCode },
});
