/** The version of tsad, as in package.json (a test holds the two together); a constant, so that it costs no read. */
export const version = "0.1.0";
