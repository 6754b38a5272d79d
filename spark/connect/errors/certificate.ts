// A certificate that is refused looks to gRPC like a server that is not there; but no waiting changes it, and people need another advice.

/** OpenSSL's and Node's own sentences, which is all there is (grpc-js 1.14 keeps the text of the last error alone). A test holds the commonest. */
const FAULT =
  /(?:unable to (?:verify|get)[^:]*certificate|self[- ]signed certificate[^:.]*|certificate (?:has expired|is not yet valid|revoked)|Hostname\/IP does not match certificate's altnames.*)/;

/** What is wrong with the server's certificate, if that is why nothing was answered. */
export function certificateFault(text: string): string | undefined {
  return FAULT.exec(text)?.[0]
    .replace(/\s*Resolution note:\s*$/, '')
    .replace(/[.\s]+$/, '');
}
