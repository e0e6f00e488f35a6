// @ts-check
// A self-signed certificate made at run time, so that no key is stored. The browser is told
// to accept it, so its content hardly matters.
import { generateKeyPairSync, sign } from "node:crypto";

/** Object identifiers, DER-encoded without tag and length. */
const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";

/** @param {number} tag @param {...Buffer} parts a DER value and its content */
function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const { length: size } = body;
  const long = size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  const length = Buffer.from(size < 0x80 ? [size] : long);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

const sequence = (/** @type {Buffer[]} */ ...parts) => der(0x30, ...parts);
const oid = (/** @type {string} */ hex) => der(0x06, Buffer.from(hex, "hex"));
/** A name with only a common name. */
const name = (/** @type {string} */ text) =>
  sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(text)))));
/** A day as UTCTime. */
const day = (/** @type {string} */ yymmdd) =>
  der(0x17, Buffer.from(`${yymmdd}000000Z`));

/**
 * A fresh key and a certificate for it.
 *
 * @returns {{ key: string, cert: string }} both as PEM
 */
export function selfSigned() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const issuer = name("conformance");
  const certificate = sequence(
    der(0x02, Buffer.of(1)),
    algorithm,
    issuer,
    sequence(day("240101"), day("491231")),
    issuer,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", certificate, privateKey);
  const whole = sequence(
    certificate,
    algorithm,
    der(0x03, Buffer.of(0), signature),
  );
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString("base64")}\n-----END CERTIFICATE-----\n`,
  };
}
