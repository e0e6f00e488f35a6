/** A file that the build compresses (deflate-raw) and embeds as base64. */
declare module "*.deflate" {
  const text: string;
  export default text;
}
